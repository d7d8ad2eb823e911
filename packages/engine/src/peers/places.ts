/** Whose place is given away when all are taken. BEP 40. */
import type { PeerConnection } from './peer-connection.ts';

/** A peer that neither gives nor takes keeps its place so long. */
const IDLE_MS = 60_000;
/** The same when one of the two sides wants something: it may be waiting for its turn. */
const WAITING_MS = 600_000;

interface Moved {
  readonly length: number;
  readonly atMs: number;
}

export class Places {
  readonly #priorityOf: (peer: PeerConnection) => number;
  /** Blocks in either direction, and when there were more of them last. */
  readonly #moved = new WeakMap<PeerConnection, Moved>();

  /** @param priorityOf - the canonical peer priority; higher is better */
  constructor(priorityOf: (peer: PeerConnection) => number) {
    this.#priorityOf = priorityOf;
  }

  /** Once a second. */
  tick(peers: Iterable<PeerConnection>, nowMs: number): void {
    for (const peer of peers) {
      const length = peer.down.total + peer.up.total;
      if (length > (this.#moved.get(peer)?.length ?? 0))
        this.#moved.set(peer, { length, atMs: nowMs });
    }
  }

  /** The peer of the lowest priority among those that are of no use; undefined when all are. */
  leastUseful(peers: Iterable<PeerConnection>, nowMs: number): PeerConnection | undefined {
    let least: PeerConnection | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const peer of peers) {
      if (peer.source === 'manual' || !this.#isIdle(peer, nowMs)) continue;
      const priority = this.#priorityOf(peer);
      if (priority < lowest) [least, lowest] = [peer, priority];
    }
    return least;
  }

  #isIdle(peer: PeerConnection, nowMs: number): boolean {
    const idleMs = nowMs - (this.#moved.get(peer)?.atMs ?? peer.connectedAtMs);
    const { amInterested, peerInterested } = peer.session;
    if (idleMs < IDLE_MS) return false;
    if (amInterested || (peerInterested && !peer.turn.isIdle(nowMs))) return idleMs >= WAITING_MS;
    return true;
  }
}
