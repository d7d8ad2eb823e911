/** One bit a piece, as the `bitfield` message carries it: piece 0 is the highest bit of byte 0. BEP 3. */

/** A set of piece indexes 0..length-1 that counts its members as they change. */
export class Bitfield {
  /** Number of pieces. */
  readonly length: number;
  /** The wire form, ceil(length / 8) bytes. Read it, do not write to it. */
  readonly bytes: Uint8Array;
  #count = 0;

  constructor(length: number) {
    this.length = length;
    this.bytes = new Uint8Array(Math.ceil(length / 8));
  }

  /**
   * Reads the wire form; the bytes are copied.
   * @returns undefined when there are not ceil(length / 8) bytes or a spare bit is set (BEP 3)
   */
  static fromBytes(bytes: Uint8Array, length: number): Bitfield | undefined {
    if (bytes.length !== Math.ceil(length / 8)) return undefined;
    const spare = bytes.length * 8 - length;
    if (spare > 0 && (bytes[bytes.length - 1]! & ((1 << spare) - 1)) !== 0) return undefined;
    const field = new Bitfield(length);
    field.bytes.set(bytes);
    for (const byte of bytes) field.#count += bitCount(byte);
    return field;
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.length;
  }

  has(index: number): boolean {
    return index < this.length && (this.bytes[index >> 3]! & (128 >> (index & 7))) !== 0;
  }

  /** Sets a bit. @returns whether it was clear before; false too for an index outside */
  add(index: number): boolean {
    if (index < 0 || index >= this.length || this.has(index)) return false;
    this.bytes[index >> 3]! |= 128 >> (index & 7);
    this.#count++;
    return true;
  }

  /** Clears a bit. @returns whether it was set before */
  delete(index: number): boolean {
    if (index < 0 || !this.has(index)) return false;
    this.bytes[index >> 3]! &= ~(128 >> (index & 7));
    this.#count--;
    return true;
  }

  /** Sets every bit. */
  fill(): void {
    for (let index = 0; index < this.length; index++) this.add(index);
  }

  clear(): void {
    this.bytes.fill(0);
    this.#count = 0;
  }

  clone(): Bitfield {
    const copy = new Bitfield(this.length);
    copy.bytes.set(this.bytes);
    copy.#count = this.#count;
    return copy;
  }

  /** The set indexes, ascending. */
  *indexes(): Generator<number> {
    for (let index = 0; index < this.length; index++) {
      if (this.bytes[index >> 3] === 0) index |= 7;
      else if (this.has(index)) yield index;
    }
  }
}

function bitCount(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}
