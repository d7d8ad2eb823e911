/** Packs peers into batches. No IO. */
import type { PeerSink } from '../swarm/peer-sink.ts';
import {
  BATCH_HEADER_LENGTH,
  BATCH_VERSION,
  COMPLETED_SECTION_LENGTH,
  KIND_COMPLETED,
  KIND_IPV6,
  KIND_SEEDERS,
  KIND_STOPPED,
  peerEntryLength,
  SECTION_HEADER_LENGTH,
} from './batch-layout.ts';

const MAX_SECTION_COUNT = 0xffff;

export interface BatchWriterOptions {
  /** No batch is longer, in bytes. */
  readonly maxLength: number;
  /** The base of the next batch, in seconds: not before any peer that is written. */
  readonly baseS: () => number;
  /** Takes a batch that is full; it is the caller's. */
  readonly emit: (batch: Uint8Array) => void;
  /** Ticks of the store plus this are seconds as in `baseS`, modulo 2^16. */
  readonly tickShiftS: () => number;
}

/** Takes peers from a `SwarmReader` or one by one, and emits batches. */
export class BatchWriter implements PeerSink {
  /** The peers that follow have stopped. */
  isStopped = false;
  readonly #options: BatchWriterOptions;
  readonly #bytes: Buffer;
  #length = 0;
  #base = 0;
  #tickShift = 0;
  /** Of the open set: its infohash, twice, and its completions, which follow its peers. */
  readonly #words = new Int32Array(5);
  readonly #infoHash = Buffer.alloc(20);
  #completedCount = 0;
  #family: 4 | 6 = 4;
  /** Where the count of the open section stands, -1 for none. */
  #countAt = -1;
  #kind = 0;

  constructor(options: BatchWriterOptions) {
    this.#options = options;
    this.#bytes = Buffer.alloc(options.maxLength);
  }

  openSet(words: Int32Array, at: number, family: 4 | 6, completedCount: number): void {
    this.#writeCompleted();
    this.#words.set(words.subarray(at, at + 5));
    for (let word = 0; word < 5; word++) this.#infoHash.writeInt32BE(words[at + word]!, 4 * word);
    this.#family = family;
    this.#countAt = -1;
    this.#completedCount = completedCount;
  }

  addPeer(bytes: Uint8Array, at: number, heardTick: number, isSeeder: boolean): void {
    const kind = this.#kindOf(isSeeder);
    const length = peerEntryLength(this.#family);
    if (
      this.#countAt < 0 ||
      kind !== this.#kind ||
      this.#length + length > this.#bytes.length ||
      this.#bytes.readUInt16BE(this.#countAt) === MAX_SECTION_COUNT
    )
      this.#openSection(kind, length);
    const out = this.#bytes;
    let to = this.#length;
    for (let byte = at; byte < at + length - 2; byte++) out[to++] = bytes[byte]!;
    const age = (this.#base - heardTick - this.#tickShift) & 0xffff;
    out[to++] = age >> 8;
    out[to++] = age & 255;
    this.#length = to;
    out.writeUInt16BE(out.readUInt16BE(this.#countAt) + 1, this.#countAt);
  }

  /** @param newCount - completions that no other process was told of */
  addCompleted(words: Int32Array, at: number, completedCount: number, newCount: number): void {
    this.#reserve(COMPLETED_SECTION_LENGTH);
    this.#countAt = -1;
    const out = this.#bytes;
    out[this.#length] = KIND_COMPLETED;
    for (let word = 0; word < 5; word++)
      out.writeInt32BE(words[at + word]!, this.#length + 1 + 4 * word);
    out.writeUInt32BE(completedCount, this.#length + 21);
    out.writeUInt32BE(newCount, this.#length + 25);
    this.#length += COMPLETED_SECTION_LENGTH;
  }

  /** Emits what is there, if anything is. */
  flush(): void {
    this.#writeCompleted();
    this.#emit();
  }

  #writeCompleted(): void {
    const completedCount = this.#completedCount;
    this.#completedCount = 0;
    if (completedCount > 0) this.addCompleted(this.#words, 0, completedCount, 0);
  }

  #emit(): void {
    if (this.#length === 0) return;
    this.#options.emit(Uint8Array.from(this.#bytes.subarray(0, this.#length)));
    this.#length = 0;
    this.#countAt = -1;
  }

  #kindOf(isSeeder: boolean): number {
    return (
      (isSeeder ? KIND_SEEDERS : 0) |
      (this.isStopped ? KIND_STOPPED : 0) |
      (this.#family === 6 ? KIND_IPV6 : 0)
    );
  }

  #openSection(kind: number, entryLength: number): void {
    this.#reserve(SECTION_HEADER_LENGTH + entryLength);
    this.#bytes[this.#length] = kind;
    this.#bytes.set(this.#infoHash, this.#length + 1);
    this.#kind = kind;
    this.#countAt = this.#length + 21;
    this.#bytes.writeUInt16BE(0, this.#countAt);
    this.#length += SECTION_HEADER_LENGTH;
  }

  /** Makes sure that so many bytes follow in a batch that was begun. */
  #reserve(length: number): void {
    if (this.#length + length > this.#bytes.length) this.#emit();
    if (this.#length > 0) return;
    this.#base = Math.floor(this.#options.baseS());
    this.#tickShift = this.#options.tickShiftS();
    this.#bytes[0] = BATCH_VERSION;
    this.#bytes.writeUInt32BE(this.#base, 1);
    this.#length = BATCH_HEADER_LENGTH;
  }
}
