/** The peers of one torrent that speak WebSocket: they can reach each other and nobody else. */
import type { InfoHash, PeerId, Random } from '@shoal/units';
import type { SwarmCounts } from '../swarm/swarm-store.ts';

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

/** Another process, from when it was heard of first until it is gone. */
export interface Elsewhere {
  readonly origin: string;
  isGone: boolean;
}

/** Whom the offers of one announce go to. */
export interface PickedPeers {
  readonly here: readonly WebSocketPeer[];
  /** How many peers of other processes, by origin: each of them picks. */
  readonly elsewhere: ReadonlyMap<string, number>;
}

export class WebSocketSwarm {
  readonly infoHash: InfoHash;
  /** Downloads that were said to be complete here while the swarm was there. */
  completedHereCount = 0;
  /** Whether others than WebSocket peers were in it at the last announce. */
  isMixed = false;
  readonly #leechers: WebSocketPeer[] = [];
  readonly #seeders: WebSocketPeer[] = [];
  /** By peer id, one character a byte. */
  readonly #byId = new Map<string, WebSocketPeer>();
  /** What other processes have of it; most swarms are in one place. */
  #elsewhere: Map<Elsewhere, Readonly<SwarmCounts>> | undefined;
  #seedersElsewhere = 0;
  #leechersElsewhere = 0;
  #completedElsewhere = 0;

  constructor(infoHash: InfoHash) {
    this.infoHash = infoHash;
  }

  /** Of all processes, as the next two. */
  get seederCount(): number {
    return this.#seeders.length + this.#seedersElsewhere;
  }

  get leecherCount(): number {
    return this.#leechers.length + this.#leechersElsewhere;
  }

  get completedCount(): number {
    return this.completedHereCount + this.#completedElsewhere;
  }

  /** What this process has of it. */
  get countsHere(): SwarmCounts {
    return {
      seederCount: this.#seeders.length,
      leecherCount: this.#leechers.length,
      completedCount: this.completedHereCount,
    };
  }

  /** Peers that are connected here. */
  get size(): number {
    return this.#byId.size;
  }

  /** Whether no process has a peer of it. */
  get isEmpty(): boolean {
    return this.seederCount + this.leecherCount === 0;
  }

  /** Every peer that is connected here, in no order. */
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

  /** Notes what another process has; nothing when there are no peers. */
  setElsewhere(place: Elsewhere, counts: Readonly<SwarmCounts>): void {
    this.dropGone();
    this.#drop(place);
    if (counts.seederCount + counts.leecherCount === 0) return;
    this.#elsewhere ??= new Map();
    this.#elsewhere.set(place, counts);
    this.#addElsewhere(counts, 1);
  }

  /** Forgets what processes had that are gone. */
  dropGone(): void {
    if (this.#elsewhere === undefined) return;
    for (const place of this.#elsewhere.keys()) if (place.isGone) this.#drop(place);
  }

  /**
   * At most `count` others, chosen at random, each as likely, wherever they are connected; no
   * seeders for a seeder.
   */
  pick(self: WebSocketPeer, count: number, random: Random): PickedPeers {
    const size = this.#sizeFor(self.isSeeder);
    const selfAt = self.isSeeder ? size : self.place;
    const hereCount = selfAt < size ? size - 1 : size;
    const sizes = [...(this.#elsewhere ?? [])].map(([{ origin, isGone }, counts]) => {
      if (isGone) return [origin, 0] as const;
      const seederCount = self.isSeeder ? 0 : counts.seederCount;
      return [origin, counts.leecherCount + seederCount] as const;
    });
    const others = sizes.reduce((sum, [, more]) => sum + more, hereCount);
    const here: WebSocketPeer[] = [];
    const elsewhere = new Map<string, number>();
    for (const index of sample(Math.min(count, others), others, random)) {
      if (index < hereCount) here.push(this.#at(index < selfAt ? index : index + 1));
      else {
        const origin = ownerOf(index - hereCount, sizes);
        elsewhere.set(origin, (elsewhere.get(origin) ?? 0) + 1);
      }
    }
    return { here, elsewhere };
  }

  /** At most `count` peers connected here, for one that is connected elsewhere. */
  pickHere(isForSeeder: boolean, count: number, random: Random): WebSocketPeer[] {
    const size = this.#sizeFor(isForSeeder);
    return sample(Math.min(count, size), size, random).map((index) => this.#at(index));
  }

  #drop(place: Elsewhere): void {
    const counts = this.#elsewhere?.get(place);
    if (counts === undefined) return;
    this.#elsewhere?.delete(place);
    this.#addElsewhere(counts, -1);
  }

  #addElsewhere(counts: Readonly<SwarmCounts>, sign: 1 | -1): void {
    this.#seedersElsewhere += sign * counts.seederCount;
    this.#leechersElsewhere += sign * counts.leecherCount;
    this.#completedElsewhere += sign * counts.completedCount;
  }

  #sizeFor(isSeeder: boolean): number {
    return isSeeder ? this.#leechers.length : this.#byId.size;
  }

  /** Leechers stand before seeders. */
  #at(index: number): WebSocketPeer {
    const leecherCount = this.#leechers.length;
    return index < leecherCount ? this.#leechers[index]! : this.#seeders[index - leecherCount]!;
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

/** Whose part of the whole an index lies in. */
function ownerOf(index: number, sizes: readonly (readonly [string, number])[]): string {
  let left = index;
  return sizes.find(([, size]) => {
    left -= size;
    return left < 0;
  })![0];
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
