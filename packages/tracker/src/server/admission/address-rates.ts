/**
 * How often an address may ask for something, in memory that does not grow with the number of addresses.
 *
 * For each address stands the time at which all it has asked for would be due at the steady rate
 * (GCRA). The times lie in two tables by two keyed hashes, and the earlier one counts: an address is
 * held back for another's requests only if it shares both places with busy ones, which nobody can
 * bring about without the key. An IPv6 address is known by its first 64 bits: they belong to one
 * customer.
 */
import type { Random } from '@shoal/units';
import { readWord } from '../read-word.ts';
import { halfSipHash } from '../swarm/half-sip-hash.ts';
import type { Announce } from '../swarm/swarm-store.ts';

const SLOT_BITS = 17;
const SLOT_COUNT = 1 << SLOT_BITS;
const MS_A_MINUTE = 60_000;

export interface AddressRate {
  /** Requests a minute in the long run. */
  readonly perMinute: number;
  /** How many may come at once; default as many as in a minute. */
  readonly burst?: number;
  /** Takes everything from this machine itself: from programs behind a proxy here, too. Default false. */
  readonly sparesLoopback?: boolean;
}

export class AddressRates {
  readonly #sparesLoopback: boolean;
  readonly #periodMs: number;
  readonly #toleranceMs: number;
  readonly #keys: readonly [Int32Array, Int32Array];
  readonly #due: readonly [Float64Array, Float64Array];
  readonly #words = new Int32Array(2);

  constructor(rate: AddressRate, random: Random) {
    const { perMinute, burst = perMinute, sparesLoopback = false } = rate;
    this.#sparesLoopback = sparesLoopback;
    this.#periodMs = MS_A_MINUTE / perMinute;
    this.#toleranceMs = this.#periodMs * (burst - 1);
    const newKey = (): Int32Array => new Int32Array(new Uint8Array(random.bytes(8)).buffer);
    this.#keys = [newKey(), newKey()];
    // Zeros, which lie before any time, take memory only once they are written over.
    const newTable = (): Float64Array => new Float64Array(SLOT_COUNT);
    this.#due = [newTable(), newTable()];
  }

  /**
   * Takes one request from the address in `announce`.
   * @returns milliseconds until one may come; 0 when this one may
   */
  take(announce: Announce): number {
    if (this.#sparesLoopback && isLoopback(announce)) return 0;
    const { nowMs } = announce;
    const count = this.#readAddress(announce);
    const [first, second] = this.#due;
    const firstAt = halfSipHash(this.#keys[0], this.#words, count) >>> (32 - SLOT_BITS);
    const secondAt = halfSipHash(this.#keys[1], this.#words, count) >>> (32 - SLOT_BITS);
    const dueMs = Math.max(nowMs, Math.min(first[firstAt]!, second[secondAt]!));
    const waitMs = dueMs - nowMs - this.#toleranceMs;
    if (waitMs > 0) return waitMs;
    const nextMs = dueMs + this.#periodMs;
    first[firstAt] = Math.max(first[firstAt]!, nextMs);
    second[secondAt] = Math.max(second[secondAt]!, nextMs);
    return 0;
  }

  /** @returns how many words name the address */
  #readAddress({ peer, family }: Announce): number {
    const count = family === 4 ? 1 : 2;
    for (let word = 0; word < count; word++) this.#words[word] = readWord(peer, 4 * word);
    return count;
  }
}

function isLoopback({ peer, family }: Announce): boolean {
  if (family === 4) return peer[0] === 127;
  for (let byte = 0; byte < 15; byte++) if (peer[byte] !== 0) return false;
  return peer[15] === 1;
}
