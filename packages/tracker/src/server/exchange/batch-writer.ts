/** Packs peers into batches. No IO. */
import { PEER_ID_LENGTH } from '../../protocol/udp-layout.ts';
import { UNKNOWN_CLIENT } from '../swarm/client-tag.ts';
import type { PeerSink } from '../swarm/peer-sink.ts';
import {
  BATCH_HEADER_LENGTH,
  BATCH_VERSION,
  COMPLETED_SECTION_LENGTH,
  KIND_COMPLETED,
  KIND_IPV6,
  KIND_NAMED,
  KIND_SEEDERS,
  KIND_STOPPED,
  KIND_TAGGED,
  peerEntryLength,
  peerLength,
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

  addPeer(
    bytes: Uint8Array,
    at: number,
    heardTick: number,
    isSeeder: boolean,
    clientTag: number,
    peerIds: Uint8Array | undefined,
    peerIdAt: number,
  ): void {
    const kind = this.#kindOf(isSeeder, clientTag, peerIds, peerIdAt);
    const length = peerEntryLength(kind);
    if (
      this.#countAt < 0 ||
      kind !== this.#kind ||
      this.#length + length > this.#bytes.length ||
      this.#bytes.readUInt16BE(this.#countAt) === MAX_SECTION_COUNT
    )
      this.#openSection(kind, length);
    const out = this.#bytes;
    this.#copy(bytes, at, peerLength(kind));
    const age = (this.#base - heardTick - this.#tickShift) & 0xffff;
    this.#length = out.writeUInt16BE(age, this.#length);
    if ((kind & KIND_TAGGED) !== 0) this.#length = out.writeInt32BE(clientTag, this.#length);
    if ((kind & KIND_NAMED) !== 0) this.#copy(peerIds!, peerIdAt, PEER_ID_LENGTH);
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

  #kindOf(
    isSeeder: boolean,
    clientTag: number,
    peerIds: Uint8Array | undefined,
    peerIdAt: number,
  ): number {
    const family = this.#family === 6 ? KIND_IPV6 : 0;
    const state = isSeeder ? KIND_SEEDERS : 0;
    if (this.isStopped) return family | state | KIND_STOPPED;
    const tagged = clientTag === UNKNOWN_CLIENT ? 0 : KIND_TAGGED;
    const named = peerIds !== undefined && isKnown(peerIds, peerIdAt) ? KIND_NAMED : 0;
    return family | state | tagged | named;
  }

  #copy(bytes: Uint8Array, from: number, length: number): void {
    for (let byte = 0; byte < length; byte++)
      this.#bytes[this.#length + byte] = bytes[from + byte]!;
    this.#length += length;
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

/** Whether a peer id is not all zeros. */
function isKnown(peerIds: Uint8Array, at: number): boolean {
  for (let byte = 0; byte < PEER_ID_LENGTH; byte++) if (peerIds[at + byte] !== 0) return true;
  return false;
}
