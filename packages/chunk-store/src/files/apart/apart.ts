/** Which files of a torrent are on disk by themselves, and which have their bytes in the part file. */
import type { PieceIndex, PieceLayout } from '@shoal/units';
import type { FileMark } from '../../chunk-store.ts';
import { inBatches } from '../batches.ts';
import type { DiskFile, DiskFileOptions } from '../disk-file.ts';
import type { FileMap, Span } from '../file-map.ts';
import { markOf, NOT_THERE } from '../file-mark.ts';
import { syncFolders } from '../sync-folders.ts';
import { isMissing } from '../system-error.ts';
import { PartFile } from './part-file.ts';

/** Bytes moved at a time into a file that was selected. */
const MOVE_LENGTH = 1024 * 1024;

export interface ApartOptions {
  readonly root: string;
  /** The part file's, in the root. */
  readonly name: string;
  readonly map: FileMap;
  readonly layout: PieceLayout;
  readonly disk: DiskFileOptions;
  /** A file of the torrent by its index. */
  file(fileIndex: number): DiskFile;
}

/**
 * A file is apart when it is not selected and was not on disk when that was said, or while bytes of
 * it are in the part file. One that is on disk stays the home of its bytes, selected or not.
 *
 * `apply`, `unload` and `erase` are for times when nothing else is under way.
 */
export class Apart {
  readonly part: PartFile;
  readonly #options: ApartOptions;
  #isSelected: (fileIndex: number) => boolean = () => true;
  #indexes = new Set<number>();
  #isLoaded = false;
  #loading: Promise<void> | undefined;

  constructor(options: ApartOptions) {
    const { root, name, map, layout, disk } = options;
    this.#options = options;
    const { pieceLength: chunkLength, pieceCount: chunkCount } = layout;
    const shape = { chunkLength, chunkCount, fileCount: map.files.length };
    this.part = new PartFile({ root, path: [name] }, shape, disk);
  }

  /** False before `load`, without which `has` knows nothing. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Whether the bytes of a file go to the part file and come from it. */
  has(fileIndex: number): boolean {
    return this.#indexes.has(fileIndex);
  }

  /** All are until `select` has said others. */
  isSelected(fileIndex: number): boolean {
    return this.#isSelected(fileIndex);
  }

  /** Reads what a former run left and looks which files are on disk. @throws StoreError */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** What lies on disk may be another the next time. */
  unload(): void {
    this.#isLoaded = false;
  }

  /** Takes effect with `apply`. */
  select(isSelected: (fileIndex: number) => boolean): void {
    this.#isSelected = isSelected;
  }

  /** Bytes of a file that is selected are in the part file: `apply` has not been, or failed. */
  get isBehind(): boolean {
    for (const fileIndex of this.part.files.indexes()) if (this.#isSelected(fileIndex)) return true;
    return false;
  }

  /**
   * Brings what is apart in line with what is selected. Bytes that are moved leave the part file when
   * they are durable where they belong: a crash finds them in either place, or in both.
   * @throws StoreError; what was not moved is read from where it is
   */
  async apply(): Promise<void> {
    if (this.#isLoaded) await this.#route();
    else await this.load();
    if (this.isBehind) await this.#unite();
  }

  /** The mark of all files whose bytes lie in the part file; undefined when there are none. */
  async mark(): Promise<FileMark | undefined> {
    if (this.part.files.count === 0) return undefined;
    const mark = await this.part.mark();
    return mark.length === 0 ? undefined : { ...mark, isApart: true };
  }

  /** Deletes the part file. */
  async erase(): Promise<void> {
    await this.part.erase();
    this.unload();
  }

  async #load(): Promise<void> {
    await this.part.load();
    this.#indexes = new Set();
    await this.#route();
    this.#isLoaded = true;
  }

  async #route(): Promise<void> {
    const { map, root, disk } = this.#options;
    const unsure: number[] = [];
    for (const [fileIndex, { isPad, length }] of map.files.entries()) {
      if (isPad || length === 0) continue;
      if (this.part.files.has(fileIndex)) this.#indexes.add(fileIndex);
      else if (this.#isSelected(fileIndex)) this.#indexes.delete(fileIndex);
      else if (!this.#indexes.has(fileIndex)) unsure.push(fileIndex);
    }
    const marks = await inBatches(unsure.length, (n) =>
      markOf(disk.system, { root, path: map.files[unsure[n]!]!.path }),
    );
    for (const [n, mark] of marks.entries()) if (mark === NOT_THERE) this.#indexes.add(unsure[n]!);
  }

  async #unite(): Promise<void> {
    const { disk, file } = this.#options;
    const moved = new Set<number>();
    for (const fileIndex of this.part.files.indexes())
      if (this.#isSelected(fileIndex)) moved.add(fileIndex);
    const emptied: number[] = [];
    for (const index of this.part.indexes()) {
      const spans = this.#spans(index);
      for (const span of spans) if (moved.has(span.fileIndex)) await this.#copy(index, span);
      const stays = ({ fileIndex }: Span): boolean =>
        this.part.files.has(fileIndex) && !moved.has(fileIndex);
      if (!spans.some(stays)) emptied.push(index);
    }
    for (const fileIndex of moved) await file(fileIndex).sync();
    await syncFolders(disk.system, disk.changedFolders);
    for (const fileIndex of moved) this.#indexes.delete(fileIndex);
    await this.part.drop(moved, emptied);
  }

  async #copy(index: number, { fileIndex, at, position, length }: Span): Promise<void> {
    const file = this.#options.file(fileIndex);
    const buffer = new Uint8Array(Math.min(length, MOVE_LENGTH));
    for (let done = 0; done < length; done += buffer.length) {
      const bytes = buffer.subarray(0, length - done);
      if (await this.#readPart(index, at + done, bytes)) await file.write(position + done, bytes);
    }
  }

  /** @returns false when the part file was cut or removed: there is nothing to be moved */
  async #readPart(index: number, begin: number, into: Uint8Array): Promise<boolean> {
    try {
      await this.part.read(index, begin, into);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #spans(index: number): Span[] {
    const { layout, map } = this.#options;
    const known = index as PieceIndex; // from a part file of this layout
    return map.spans(layout.offsetOf(known), layout.lengthOf(known));
  }
}
