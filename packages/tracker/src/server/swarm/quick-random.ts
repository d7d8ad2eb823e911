/** Fast random numbers for choosing peers: seeded with real randomness, no secret hangs on them. */
import type { Random } from '@shoal/units';

/** xoshiro128++ (Blackman and Vigna). */
export class QuickRandom {
  readonly #state: Int32Array;

  constructor(random: Random) {
    this.#state = new Int32Array(new Uint8Array(random.bytes(16)).buffer);
    this.#state[0]! |= 1;
  }

  /** A number 0 <= n < limit, for limit 1..2^31; uniform but for a bias of limit / 2^32. */
  below(limit: number): number {
    const state = this.#state;
    const a = state[0]!;
    const b = state[1]!;
    const c = state[2]! ^ a;
    const d = state[3]! ^ b;
    const sum = (a + state[3]!) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    state[0] = a ^ d;
    state[1] = b ^ c;
    state[2] = c ^ (b << 9);
    state[3] = (d << 11) | (d >>> 21);
    return Math.floor((result / 4_294_967_296) * limit);
  }
}
