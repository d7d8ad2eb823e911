/** What a new connection begins with, behind the extended handshake: what we have, where our DHT node is. */
import type { Bitfield } from '@shoal/units';
import type { Message } from '@shoal/wire';

/** What of a peer the greeting depends on. */
export interface Greeted {
  /** BEP 6. */
  readonly supportsFast: boolean;
  /** BEP 5. */
  readonly supportsDht: boolean;
}

/**
 * The messages in their order.
 * @param have - undefined until the metadata is there
 * @param nodePorts - UDP ports of our DHT nodes; none for a private torrent
 */
export function greeting(
  peer: Greeted,
  have: Bitfield | undefined,
  nodePorts: readonly number[],
): readonly Message[] {
  const ports = peer.supportsDht ? nodePorts : [];
  return [...piecesMessage(peer, have), ...ports.map((port): Message => ({ type: 'port', port }))];
}

/** Without BEP 6 there is no short way to say all, and nothing is said of nothing. */
function piecesMessage({ supportsFast }: Greeted, have: Bitfield | undefined): readonly Message[] {
  if (have === undefined || have.count === 0) return supportsFast ? [{ type: 'have-none' }] : [];
  if (supportsFast && have.isFull) return [{ type: 'have-all' }];
  return [{ type: 'bitfield', bytes: have.bytes.slice() }];
}
