/** Who is told of peers. */
import type { InfoHash, PeerAddress } from '@shoal/units';
import type { PeersListener } from './discovery.ts';

/** Listeners in the order in which they came. */
export class PeersListeners {
  readonly #listeners = new Set<PeersListener>();

  /** @returns unsubscribe */
  add(listener: PeersListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(infoHash: InfoHash, peers: readonly PeerAddress[]): void {
    for (const listener of [...this.#listeners]) listener(infoHash, peers);
  }
}
