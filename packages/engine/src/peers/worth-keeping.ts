/** Which addresses of a torrent the next run should know. Pure. */
import { formatPeerAddress, type PeerAddress } from '@shoal/units';
import type { SourcedPeer } from '../state/resume.ts';
import type { PeerSource } from '../state/snapshot.ts';
import type { PeerPool } from './peer-pool.ts';

/** A connected peer. */
interface Connected {
  /** Where it listens, once known. */
  readonly listenAddress: PeerAddress | undefined;
  readonly source: PeerSource;
}

/** At most `limit`: the user's first, then connected ones, then others in the order of their coming. */
export function worthKeeping(
  pool: PeerPool,
  connected: Iterable<Connected>,
  limit: number,
): SourcedPeer[] {
  const kept = new Map<string, SourcedPeer>();
  for (const { address, source } of inOrder(pool, connected)) {
    if (kept.size >= limit) break;
    const name = formatPeerAddress(address);
    if (!kept.has(name)) kept.set(name, { address, source });
  }
  return [...kept.values()];
}

function* inOrder(pool: PeerPool, connected: Iterable<Connected>): Generator<SourcedPeer> {
  for (const peer of pool.entries()) if (peer.isKept) yield peer;
  for (const { listenAddress: address, source } of connected)
    if (address !== undefined) yield { address, source: pool.sourceOf(address) ?? source };
  yield* pool.entries();
}
