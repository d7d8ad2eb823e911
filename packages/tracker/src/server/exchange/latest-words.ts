/**
 * The latest word of each peer, whoever heard it: what stores that exchange batches agree on.
 *
 * Of two words about one peer the later one counts; within one second `stopped` counts more than
 * `seeder`, that more than `leecher`, and of two alike the one with the larger client tag. So the
 * order in which words arrive, and how often, makes no difference: stores that heard the same end up
 * alike. Whether a client may say `stopped` of a peer is decided where it is heard, once.
 */

import { maySpeakFor, UNKNOWN_CLIENT } from '../swarm/client-tag.ts';
import { type KnownPeer, newKnownPeer } from '../swarm/known-peer.ts';
import { MemorySwarmStore, type MemorySwarmStoreOptions } from '../swarm/memory-swarm-store.ts';
import type { Announce } from '../swarm/swarm-store.ts';
import { secondsBetween, tickOf } from '../swarm/ticks.ts';
import type { BatchWriter } from './batch-writer.ts';

/** The part of the memory that peers which have stopped may take. */
const STOPPED_RATIO = 1 / 4;

export class LatestWords {
  /** Peers that are there. */
  readonly living: MemorySwarmStore;
  /** Peers that have stopped, each for a lifetime: an older word must not bring them back. */
  readonly #stopped: MemorySwarmStore;
  readonly #known: KnownPeer = newKnownPeer();

  constructor(options: MemorySwarmStoreOptions) {
    const { maxByteLength = Number.POSITIVE_INFINITY } = options;
    const limited = (ratio: number, keepsPeerIds = false): MemorySwarmStore =>
      new MemorySwarmStore({ ...options, keepsPeerIds, maxByteLength: ratio * maxByteLength });
    this.living = limited(1 - STOPPED_RATIO, options.keepsPeerIds);
    this.#stopped = limited(STOPPED_RATIO);
  }

  /** Bytes of memory, stopped peers among them. */
  get byteLength(): number {
    return this.living.byteLength + this.#stopped.byteLength;
  }

  /** Peers, stopped ones among them. */
  get size(): number {
    return this.living.peerCount + this.#stopped.peerCount;
  }

  /**
   * Takes what a client says to this process. It is the latest word even when clocks disagree or less
   * than a second has passed: `nowMs` is moved on as far as that needs.
   * @returns whether it counts: `stopped` from another client does not
   */
  hear(announce: Announce): boolean {
    const known = this.#known;
    if (this.living.find(announce, known)) {
      if (announce.isStopped && !maySpeakFor(known.clientTag, announce.clientTag)) {
        this.living.announce(announce);
        return false;
      }
      const isLower = !announce.isStopped && compare(announce, known) < 0;
      moveOn(announce, known.heardTick, isLower ? 1 : 0);
    } else if (this.#findStopped(announce))
      moveOn(announce, known.heardTick, announce.isStopped ? 0 : 1);
    this.#take(announce);
    return true;
  }

  /** Takes what another process heard, if it is news. @returns whether it was */
  merge(announce: Announce): boolean {
    const known = this.#known;
    const tick = tickOf(announce.nowMs);
    if (this.living.find(announce, known)) {
      const laterS = secondsBetween(known.heardTick, tick);
      if (laterS < 0) return false;
      if (laterS === 0 && compare(announce, known) <= 0) return false;
    } else if (this.#findStopped(announce) && secondsBetween(known.heardTick, tick) <= 0)
      return false;
    this.#take(announce);
    return true;
  }

  /** Both go round within as many looks as the larger one takes. */
  get lookCount(): number {
    return Math.max(this.living.lookCount, this.#stopped.lookCount);
  }

  sweep(nowMs: number, count: number): void {
    this.living.sweep(nowMs, count);
    this.#stopped.sweep(nowMs, count);
  }

  /** A way to write all words, slice by slice. Call it until it returns false. */
  writing(writer: BatchWriter): (peerCount: number) => boolean {
    const readers = [this.#stopped.reader(), this.living.reader()];
    return (peerCount) => {
      writer.isStopped = readers.length === 2;
      if (readers[0]?.read(peerCount, writer) === false) readers.shift();
      return readers.length > 0;
    };
  }

  /**
   * Puts a word that counts into both stores. What was said last must be known to `living` last: it
   * answers from there.
   */
  #take(announce: Announce): void {
    const { isStopped, clientTag } = announce;
    announce.clientTag = UNKNOWN_CLIENT;
    if (isStopped || this.#stopped.peerCount > 0) {
      announce.isStopped = !isStopped;
      this.#stopped.announce(announce);
      announce.isStopped = isStopped;
    }
    if (!isStopped) announce.clientTag = clientTag;
    this.living.announce(announce);
    announce.clientTag = clientTag;
  }

  #findStopped(announce: Announce): boolean {
    return this.#stopped.peerCount > 0 && this.#stopped.find(announce, this.#known);
  }
}

/** Which of two words of one second counts more: above 0 when the announce does. */
function compare(announce: Announce, known: KnownPeer): number {
  const rank = announce.isStopped ? 2 : Number(announce.isSeeder);
  const knownRank = Number(known.isSeeder);
  if (rank !== knownRank) return rank - knownRank;
  return (announce.clientTag >>> 0) - (known.clientTag >>> 0);
}

/** Moves an announce to `stepS` after `tick` at least. */
function moveOn(announce: Announce, tick: number, stepS: number): void {
  const behindS = secondsBetween(tickOf(announce.nowMs), tick) + stepS;
  if (behindS > 0) announce.nowMs += 1_000 * behindS;
}
