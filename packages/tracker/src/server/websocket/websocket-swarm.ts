/** The peers of one torrent that speak WebSocket: they can reach each other and nobody else. */
import type { InfoHash, PeerId, Random } from '@shoal/units';

/** The way to a peer: one connection, over which several torrents may be announced. */
export interface PeerLink {
  /** Text of the address it speaks from. */
  readonly host: string;
  /** What is announced over it; kept by `WebSocketSwarms`. */
  readonly peers: Set<WebSocketPeer>;
  /** Sends one message; it may get lost, and it does when the other side does not read. */
  send(text: string): void;
}

/** One peer of one swarm. */
export interface WebSocketPeer {
  readonly swarm: WebSocketSwarm;
  readonly peerId: PeerId;
  readonly link: PeerLink;
  isSeeder: boolean;
  /** When it announced last, in monotonic milliseconds. */
  heardMs: number;
  /** Its place in the list of its kind; the swarm's own. */
  place: number;
}

export class WebSocketSwarm {
  readonly infoHash: InfoHash;
  /** Downloads that were said to be complete while the swarm was there. */
  completedCount = 0;
  /** Whether others than WebSocket peers were in it at the last announce. */
  isMixed = false;
  readonly #leechers: WebSocketPeer[] = [];
  readonly #seeders: WebSocketPeer[] = [];
  /** By peer id, one character a byte. */
  readonly #byId = new Map<string, WebSocketPeer>();

  constructor(infoHash: InfoHash) {
    this.infoHash = infoHash;
  }

  get seederCount(): number {
    return this.#seeders.length;
  }

  get leecherCount(): number {
    return this.#leechers.length;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Every peer, in no order. */
  [Symbol.iterator](): Iterator<WebSocketPeer> {
    return this.#byId.values();
  }

  find(peerId: PeerId): WebSocketPeer | undefined {
    return this.#byId.get(keyOf(peerId));
  }

  /** Adds a peer whose id is not there. */
  add(peerId: PeerId, link: PeerLink, isSeeder: boolean, nowMs: number): WebSocketPeer {
    const peer = { swarm: this, peerId, link, isSeeder, heardMs: nowMs, place: 0 };
    this.#byId.set(keyOf(peerId), peer);
    this.#enter(peer);
    return peer;
  }

  remove(peer: WebSocketPeer): void {
    this.#byId.delete(keyOf(peer.peerId));
    this.#leave(peer);
  }

  /** Makes a seeder of a leecher, or the other way round. */
  turn(peer: WebSocketPeer, isSeeder: boolean): void {
    this.#leave(peer);
    peer.isSeeder = isSeeder;
    this.#enter(peer);
  }

  /** At most `count` others, chosen at random, each as likely; no seeders for a seeder. */
  pick(self: WebSocketPeer, count: number, random: Random): WebSocketPeer[] {
    const leecherCount = this.#leechers.length;
    const size = self.isSeeder ? leecherCount : leecherCount + this.#seeders.length;
    const selfAt = self.isSeeder ? size : self.place;
    const others = selfAt < size ? size - 1 : size;
    return sample(Math.min(count, others), others, random).map((index) => {
      const at = index < selfAt ? index : index + 1;
      return at < leecherCount ? this.#leechers[at]! : this.#seeders[at - leecherCount]!;
    });
  }

  #enter(peer: WebSocketPeer): void {
    const list = this.#listOf(peer);
    peer.place = list.length;
    list.push(peer);
  }

  /** The last of the list fills the gap. */
  #leave(peer: WebSocketPeer): void {
    const list = this.#listOf(peer);
    const last = list.pop()!;
    if (last === peer) return;
    list[peer.place] = last;
    last.place = peer.place;
  }

  #listOf(peer: WebSocketPeer): WebSocketPeer[] {
    return peer.isSeeder ? this.#seeders : this.#leechers;
  }
}

/** `count` of the numbers below `limit`, none twice (Floyd). */
function sample(count: number, limit: number, random: Random): number[] {
  const chosen = new Set<number>();
  for (let top = limit - count; top < limit; top++) {
    const candidate = random.below(top + 1);
    chosen.add(chosen.has(candidate) ? top : candidate);
  }
  return [...chosen];
}

function keyOf(peerId: PeerId): string {
  return String.fromCharCode(...peerId);
}
