/**
 * Reads ahead for uploads: 512 KiB at a time, each kept for a while so that many leechers that
 * want the same piece cost one read.
 */
import type { PieceIndex, PieceLayout } from '@shoal/units';

/** Bytes of one read; a multiple of the block length, so that no whole block lies in two. */
export const EXTENT_LENGTH = 524_288;
const DEFAULT_LIMIT = 16 * 1024 * 1024;

interface Extent<Waiter> {
  bytes: Uint8Array | undefined;
  /** Who asked for it before it was read. */
  readonly waiters: Set<Waiter>;
}

export interface ExtentCacheOptions<Waiter> {
  /** Reads bytes of a piece we have into `into`. */
  read(
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
    into: Uint8Array,
  ): Promise<Uint8Array>;
  readonly layout: PieceLayout;
  /** Bytes kept; default 16 MiB. */
  readonly limit?: number;
  /** What a waiter asked for can be peeked. */
  handleRead(waiter: Waiter): void;
  /** It could not be read; it may be asked for again. */
  handleError(waiters: ReadonlySet<Waiter>, pieceIndex: PieceIndex, error: unknown): void;
}

export class ExtentCache<Waiter> {
  readonly #options: ExtentCacheOptions<Waiter>;
  readonly #limit: number;
  readonly #perPiece: number;
  /** In order of last use. */
  readonly #extents = new Map<number, Extent<Waiter>>();
  #length = 0;
  /** Buffers of extents that were shed: what `peek` gave is never kept by its caller. */
  readonly #spare: Uint8Array[] = [];

  constructor(options: ExtentCacheOptions<Waiter>) {
    this.#options = options;
    this.#limit = options.limit ?? DEFAULT_LIMIT;
    this.#perPiece = Math.ceil(options.layout.pieceLength / EXTENT_LENGTH);
  }

  /**
   * The extent that holds the byte at `begin` of a piece, if it has been read. Marks it as used.
   * The bytes are good until the turn ends: copy what must outlive it.
   */
  peek(pieceIndex: PieceIndex, begin: number): Uint8Array | undefined {
    const number = this.#number(pieceIndex, begin);
    const extent = this.#extents.get(number);
    if (extent?.bytes === undefined) return undefined;
    this.#extents.delete(number);
    this.#extents.set(number, extent);
    return extent.bytes;
  }

  /** Begins to read an extent unless it is here or on its way; `handleRead` follows, later. */
  fetch(pieceIndex: PieceIndex, begin: number, waiter: Waiter): void {
    const number = this.#number(pieceIndex, begin);
    const known = this.#extents.get(number);
    if (known !== undefined) {
      if (known.bytes === undefined) known.waiters.add(waiter);
      return;
    }
    const extent: Extent<Waiter> = { bytes: undefined, waiters: new Set([waiter]) };
    this.#extents.set(number, extent);
    const { layout } = this.#options;
    const start = Math.floor(begin / EXTENT_LENGTH) * EXTENT_LENGTH;
    const length = Math.min(EXTENT_LENGTH, layout.lengthOf(pieceIndex) - start);
    const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(EXTENT_LENGTH);
    this.#options.read(pieceIndex, start, length, buffer).then(
      (bytes) => this.#handleBytes(number, extent, bytes),
      (error) => {
        if (this.#extents.get(number) === extent) this.#extents.delete(number);
        this.#options.handleError(extent.waiters, pieceIndex, error);
      },
    );
  }

  clear(): void {
    this.#extents.clear();
    this.#spare.length = 0;
    this.#length = 0;
  }

  #handleBytes(number: number, extent: Extent<Waiter>, bytes: Uint8Array): void {
    if (this.#extents.get(number) !== extent) return; // dropped meanwhile
    extent.bytes = bytes;
    this.#length += bytes.length;
    // Others may have been read in between: those who wait come first now.
    this.#extents.delete(number);
    this.#extents.set(number, extent);
    this.#shed();
    for (const waiter of extent.waiters) this.#options.handleRead(waiter);
    extent.waiters.clear();
  }

  #number(pieceIndex: PieceIndex, begin: number): number {
    return pieceIndex * this.#perPiece + Math.floor(begin / EXTENT_LENGTH);
  }

  #shed(): void {
    for (const [number, extent] of this.#extents) {
      if (this.#length <= this.#limit) return;
      if (extent.bytes === undefined) continue;
      this.#extents.delete(number);
      this.#length -= extent.bytes.length;
      this.#spare.push(new Uint8Array(extent.bytes.buffer));
    }
  }
}
