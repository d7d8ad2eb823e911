/** The name by which peers and trackers know this run of the engine. BEP 20. */
import { type PeerId, type Random, toPeerId } from '@shoal/units';

/** Azureus style: `SL` is Shoal, then the version. */
const PEER_ID_PREFIX = '-SL0100-';

/** A new peer id: the prefix, then 12 random bytes. */
export function makePeerId(random: Random): PeerId {
  const id = new Uint8Array(20);
  id.set(new TextEncoder().encode(PEER_ID_PREFIX));
  id.set(random.bytes(12), 8);
  return toPeerId(id)!;
}
