/** A chunk store whose reads and writes end when a test says so. */
import { type ChunkStore, type FileMark, MemoryStore, type StoreError } from '@shoal/chunk-store';

interface Gate {
  readonly index: number;
  readonly begin: number;
  readonly open: (error?: StoreError) => void;
}

export class GatedStore implements ChunkStore {
  readonly chunkLength: number;
  readonly totalLength: number;
  /** Calls that wait, the oldest first. */
  readonly reads: Gate[] = [];
  readonly writes: Gate[] = [];
  /** Lets all calls pass: they do their work before they return, as a store in memory may. */
  isOpen = false;
  readonly #inner: MemoryStore;

  constructor(options: { readonly chunkLength: number; readonly totalLength: number }) {
    this.chunkLength = options.chunkLength;
    this.totalLength = options.totalLength;
    this.#inner = new MemoryStore(options);
  }

  /** Stores all of a torrent at once. */
  async fill(bytes: Uint8Array): Promise<void> {
    for (let at = 0, index = 0; at < bytes.length; at += this.chunkLength, index++)
      await this.#inner.put(index, bytes.subarray(at, at + this.chunkLength));
  }

  adopt(): void {}

  erase(): Promise<void> {
    return this.#inner.erase();
  }

  async put(index: number, bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) await this.#pass(this.writes, index, 0);
    await this.#inner.put(index, bytes);
  }

  async get(index: number, begin: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    if (!this.isOpen) await this.#pass(this.reads, index, begin);
    return this.#inner.get(index, begin, length, into);
  }

  select(): Promise<void> {
    return this.#inner.select();
  }

  sync(): Promise<void> {
    return this.#inner.sync();
  }

  marks(): Promise<FileMark[]> {
    return this.#inner.marks();
  }

  marksOf(): Promise<ReadonlyMap<number, FileMark>> {
    return this.#inner.marksOf();
  }

  finish(): Promise<void> {
    return this.#inner.finish();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #pass(gates: Gate[], index: number, begin: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const open = (error?: StoreError): void => {
      gates.splice(gates.indexOf(gate), 1);
      if (error === undefined) resolve();
      else reject(error);
    };
    const gate: Gate = { index, begin, open };
    gates.push(gate);
    return promise;
  }
}
