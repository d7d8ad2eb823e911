/** The order of the peers in their tab. Pure. */
import type { PeerSnapshot } from '@shoal/engine';

/** In steps of a factor of two, so that rows do not jump about with every sample. */
export function busiestFirst(peers: readonly PeerSnapshot[]): PeerSnapshot[] {
  const step = (peer: PeerSnapshot) =>
    Math.floor(Math.log2(1 + peer.downBytesPerS + peer.upBytesPerS));
  return [...peers].sort((a, b) => step(b) - step(a));
}
