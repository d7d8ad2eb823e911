/** The RC4 stream cipher, as message stream encryption uses it: against shaping, not against readers. */

/** One direction of an encrypted stream. Encrypting and decrypting are the same operation. */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  /**
   * @param key - 1..256 bytes
   * @param dropLength - bytes of the key stream to throw away first
   */
  constructor(key: Uint8Array, dropLength: number) {
    const state = this.#state;
    for (let at = 0; at < 256; at++) state[at] = at;
    for (let at = 0, j = 0; at < 256; at++) {
      const value = state[at]!;
      j = (j + value + key[at % key.length]!) & 255;
      state[at] = state[j]!;
      state[j] = value;
    }
    const dropped = new Uint8Array(dropLength);
    this.apply(dropped, dropped, dropLength);
  }

  /** Writes `source[0..length)` through the cipher to `target[0..length)`; both may be one array. */
  apply(source: Uint8Array, target: Uint8Array, length: number): void {
    const state = this.#state;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < length; at++) {
      i = (i + 1) & 255;
      const a = state[i]!;
      j = (j + a) & 255;
      const b = state[j]!;
      state[i] = b;
      state[j] = a;
      target[at] = source[at]! ^ state[(a + b) & 255]!;
    }
    this.#i = i;
    this.#j = j;
  }

  /** The bytes through the cipher, in a new array. */
  applied(bytes: Uint8Array): Uint8Array {
    const result = new Uint8Array(bytes.length);
    this.apply(bytes, result, bytes.length);
    return result;
  }
}
