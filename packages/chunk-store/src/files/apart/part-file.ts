/** The part file: bytes of files that are not selected, of the chunks that cross into them. */
import { Bitfield } from '@shoal/units';
import { allSettled } from '../../all-settled.ts';
import { type FileMark, StoreError, type StoreErrorCode } from '../../chunk-store.ts';
import { DiskFile, type DiskFileOptions } from '../disk-file.ts';
import { eraseFiles } from '../erase-files.ts';
import { markOf } from '../file-mark.ts';
import type { FilePlace } from '../safe-open.ts';
import {
  decodeHead,
  encodeHead,
  encodeSlot,
  fileBitAt,
  headLength,
  type PartShape,
  slotAt,
  slotEntryAt,
} from './part-head.ts';

/** What lies in its place is not ours to read: it counts as if nothing did. */
const NOT_OURS: readonly StoreErrorCode[] = ['missing', 'unsafe-path'];

/** The part file's name in the folder of a torrent's files. @param infoHash - hex */
export function partFileName(infoHash: string): string {
  return `.${infoHash}.shoal-parts`;
}

/**
 * One file for all of a torrent, made when first written to and gone when nothing is in it: a slot
 * for each chunk that has bytes here. `part-head.ts` has its form. What is no part file of this
 * torrent, or a damaged one, counts as empty and is written over.
 */
export class PartFile {
  readonly #place: FilePlace;
  readonly #shape: PartShape;
  readonly #options: DiskFileOptions;
  #disk: DiskFile;
  #files: Bitfield;
  #slots = new Map<number, number>();
  #nextSlot = 0;
  /** The head on disk is what it should be once this settles; undefined when it must be written whole. */
  #head: Promise<void> | undefined;

  constructor(place: FilePlace, shape: PartShape, options: DiskFileOptions) {
    this.#place = place;
    this.#shape = shape;
    this.#options = options;
    this.#disk = new DiskFile(place, options);
    this.#files = new Bitfield(shape.fileCount);
  }

  /** The files that have bytes here, by index. */
  get files(): Pick<Bitfield, 'has' | 'indexes' | 'count'> {
    return this.#files;
  }

  /** The chunks that have bytes here. */
  indexes(): Iterable<number> {
    return this.#slots.keys();
  }

  /** Reads what a former run left. @throws StoreError when the system refuses */
  async load(): Promise<void> {
    this.#forget();
    const bytes = new Uint8Array(headLength(this.#shape));
    const { length } = await markOf(this.#options.system, this.#place);
    if (length < bytes.length) return;
    try {
      await this.#disk.read(0, bytes);
    } catch (error) {
      if (error instanceof StoreError && NOT_OURS.includes(error.code)) return;
      throw error;
    }
    const head = decodeHead(this.#shape, bytes);
    if (head === undefined) return;
    this.#files = head.files;
    this.#slots = head.slots;
    this.#nextSlot = nextSlotOf(head.slots);
    this.#head = Promise.resolve();
  }

  /** Fills `into` from `begin` of a chunk. @throws StoreError `missing` when it has no bytes here */
  async read(index: number, begin: number, into: Uint8Array): Promise<void> {
    const slot = this.#slots.get(index);
    if (slot === undefined)
      throw new StoreError('missing', `chunk ${index} has no bytes in ${this.#place.path[0]}`, {
        path: this.#place.path[0]!,
      });
    await this.#disk.read(slotAt(this.#shape, slot) + begin, into);
  }

  /** Writes bytes of a file at `begin` of a chunk. @throws StoreError */
  async write(index: number, fileIndex: number, begin: number, bytes: Uint8Array): Promise<void> {
    const entries = this.#head === undefined ? undefined : [this.#head];
    if (this.#files.add(fileIndex)) entries?.push(this.#writeFileBit(fileIndex));
    let slot = this.#slots.get(index);
    if (slot === undefined) {
      slot = this.#nextSlot++;
      this.#slots.set(index, slot);
      const at = slotEntryAt(this.#shape, index);
      entries?.push(this.#headWritten(this.#disk.write(at, encodeSlot(slot))));
    }
    const head = entries ?? [this.#writeHead()];
    await allSettled([...head, this.#disk.write(slotAt(this.#shape, slot) + begin, bytes)]);
  }

  /** Lets go of files, and of the chunks that none is left of; durable when it resolves. */
  async drop(fileIndexes: Iterable<number>, indexes: Iterable<number>): Promise<void> {
    for (const fileIndex of fileIndexes) this.#files.delete(fileIndex);
    for (const index of indexes) this.#slots.delete(index);
    if (this.#slots.size === 0) return this.erase();
    this.#nextSlot = nextSlotOf(this.#slots);
    await this.#writeHead();
    await this.#syncDisk();
  }

  /** What a former process wrote is made durable by the next sync. */
  adopt(): void {
    this.#disk.adopt();
  }

  /** Makes durable what was written. */
  async sync(): Promise<void> {
    if (this.#slots.size === 0) return;
    await (this.#head ?? this.#writeHead());
    await this.#syncDisk();
  }

  /** Its own mark. */
  mark(): Promise<FileMark> {
    return markOf(this.#options.system, this.#place);
  }

  close(): Promise<void> {
    return this.#disk.close();
  }

  /** Deletes it, when a plain file is in its place. */
  async erase(): Promise<void> {
    const { system, changedFolders } = this.#options;
    await this.close();
    await eraseFiles(system, this.#place.root, [this.#place.path]);
    if (this.#head !== undefined) changedFolders.add(this.#place.root);
    this.#disk = new DiskFile(this.#place, this.#options);
    this.#forget();
  }

  /** A head that did not reach the disk is not there in the next run, whatever the next sync says. */
  async #syncDisk(): Promise<void> {
    try {
      await this.#disk.syncAdopted();
      await this.#disk.sync();
    } catch (error) {
      this.#head = undefined;
      throw error;
    }
  }

  #forget(): void {
    this.#files = new Bitfield(this.#shape.fileCount);
    this.#slots = new Map();
    this.#nextSlot = 0;
    this.#head = undefined;
  }

  #writeFileBit(fileIndex: number): Promise<void> {
    const byte = this.#files.bytes.slice(fileIndex >> 3, (fileIndex >> 3) + 1);
    return this.#headWritten(this.#disk.write(fileBitAt(fileIndex), byte));
  }

  #writeHead(): Promise<void> {
    const head = encodeHead(this.#shape, { files: this.#files, slots: this.#slots });
    this.#head = this.#headWritten(this.#disk.write(0, head));
    return this.#head;
  }

  /** A head that was not written as it should be is written whole before anything is claimed of it. */
  async #headWritten(write: Promise<void>): Promise<void> {
    try {
      await write;
    } catch (error) {
      this.#head = undefined;
      throw error;
    }
  }
}

function nextSlotOf(slots: ReadonlyMap<number, number>): number {
  let next = 0;
  for (const slot of slots.values()) next = Math.max(next, slot + 1);
  return next;
}
