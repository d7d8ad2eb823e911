/** What keys do to the selected peer. Each says in a notice what it did. */
import { type PeerAddress, parsePeerAddress } from '@shoal/units';
import type { EnginePort } from '../engine-port.ts';
import { busiestFirst } from '../state/busiest-first.ts';
import type { Notice, Overlay } from '../state/ui-state.ts';
import { explain } from './explain.ts';

/** A peer as the screen shows it. */
export interface SelectedPeer {
  readonly address: PeerAddress;
  /** The address as text. */
  readonly name: string;
  readonly client: string;
}

/** @param row - of the peer in its tab */
export function peerAt(
  engine: EnginePort,
  infoHash: string,
  row: number,
): SelectedPeer | undefined {
  const peer = busiestFirst(engine.torrent(infoHash)?.getDetail().peers ?? [])[row];
  const address = peer && parsePeerAddress(peer.address);
  return address && { address, name: peer.address, client: peer.client };
}

/** Closes the connection; the peer is not dialled again by itself. */
export function disconnect(engine: EnginePort, infoHash: string, peer: SelectedPeer): Notice {
  try {
    engine.torrent(infoHash)?.byHand.disconnectPeer(peer.address);
    return { tone: 'plain', text: `disconnected from ${peer.name}` };
  } catch (error) {
    return { tone: 'bad', text: `! ${explain(error)}` };
  }
}

/** What is asked before a ban. */
export function banQuestion({ address, client }: SelectedPeer): Overlay {
  return { name: 'ban', host: address.host, client };
}

/** Closes all connections with an address and makes none any more, in any torrent. */
export function ban(engine: EnginePort, host: string): Notice {
  engine.banHost(host);
  return { tone: 'plain', text: `${host} is banned; /unban ${host} lets it in again` };
}
