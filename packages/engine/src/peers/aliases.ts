/** Other addresses of connected peers: where somebody was found who was here already. */
import { formatPeerAddress, idToHex, type PeerAddress, type PeerId } from '@shoal/units';

/** The owner takes a peer's when it leaves, so that there are no more than its pool has addresses. */
export class Aliases {
  /** By the peer id in hex, then by the address's name. */
  readonly #addresses = new Map<string, Map<string, PeerAddress>>();

  add(peerId: PeerId, address: PeerAddress): void {
    const name = idToHex(peerId);
    const known = this.#addresses.get(name) ?? new Map<string, PeerAddress>();
    this.#addresses.set(name, known.set(formatPeerAddress(address), address));
  }

  /** Forgets those of a peer. @returns them */
  take(peerId: PeerId): readonly PeerAddress[] {
    const name = idToHex(peerId);
    const known = this.#addresses.get(name);
    this.#addresses.delete(name);
    return [...(known?.values() ?? [])];
  }
}
