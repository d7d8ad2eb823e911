/** A store in memory: for tests, and for what is small and need not last. */
import { ChunkBounds } from './chunk-bounds.ts';
import { type ChunkStore, type FileMark, StoreError } from './chunk-store.ts';

/** Keeps a copy of every chunk. One mark for the whole: its time counts the puts. */
export class MemoryStore implements ChunkStore {
  readonly chunkLength: number;
  readonly totalLength: number;
  readonly #bounds: ChunkBounds;
  readonly #chunks = new Map<number, Uint8Array>();
  #storedLength = 0;
  #putCount = 0;

  constructor(options: { readonly chunkLength: number; readonly totalLength: number }) {
    this.chunkLength = options.chunkLength;
    this.totalLength = options.totalLength;
    this.#bounds = new ChunkBounds(options.totalLength, options.chunkLength);
  }

  async put(index: number, bytes: Uint8Array): Promise<void> {
    this.#bounds.whole(index, bytes.length);
    if (!this.#chunks.has(index)) this.#storedLength += bytes.length;
    this.#chunks.set(index, bytes.slice());
    this.#putCount++;
  }

  async get(index: number, begin: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    this.#bounds.part(index, begin, length);
    const chunk = this.#chunks.get(index);
    if (chunk === undefined) throw new StoreError('missing', `chunk ${index} was never stored`);
    const part = chunk.subarray(begin, begin + length);
    if (into === undefined) return part.slice();
    into.set(part);
    return into.subarray(0, length);
  }

  async select(): Promise<void> {}

  adopt(): void {}

  async sync(): Promise<void> {}

  async marks(): Promise<FileMark[]> {
    return [{ length: this.#storedLength, mtimeMs: this.#putCount }];
  }

  async marksOf(): Promise<ReadonlyMap<number, FileMark>> {
    return new Map((await this.marks()).entries());
  }

  async finish(): Promise<void> {}

  async erase(): Promise<void> {
    this.#chunks.clear();
    this.#storedLength = 0;
  }

  async close(): Promise<void> {}
}
