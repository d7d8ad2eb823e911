/** A small torrent with files of which some are selected, in a folder on disk. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore, type FileSystem, type StoredFile } from '../../../src/index.ts';
import { tempFolder } from '../../temp-folder.ts';

const CHUNK_LENGTH = 10;
export const PART_FILE = '.parts';

/** Files of these lengths end to end: `f0`, `d/f1`, `f2`, `d/f3` … */
export class PartStage {
  readonly root: string;
  readonly files: readonly StoredFile[];
  readonly bytes: Uint8Array;
  readonly chunkCount: number;

  private constructor(root: string, lengths: readonly number[]) {
    this.root = root;
    this.files = lengths.map((length, at) => ({
      path: at % 2 === 0 ? [`f${at}`] : ['d', `f${at}`],
      length,
      isPad: false,
    }));
    const totalLength = lengths.reduce((sum, length) => sum + length, 0);
    this.bytes = Uint8Array.from({ length: totalLength }, (_, at) => 1 + (at % 250));
    this.chunkCount = Math.ceil(totalLength / CHUNK_LENGTH);
  }

  static async open(lengths: readonly number[]): Promise<PartStage> {
    return new PartStage(join(await tempFolder(), 'out'), lengths);
  }

  /** What the next run of a program has: nothing but the folder. */
  store(system?: FileSystem): FileStore {
    const { root, files } = this;
    return new FileStore({
      root,
      files,
      chunkLength: CHUNK_LENGTH,
      partFile: PART_FILE,
      ...(system && { system }),
    });
  }

  chunk(index: number): Uint8Array {
    return this.bytes.subarray(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH);
  }

  async put(store: FileStore, ...indexes: readonly number[]): Promise<void> {
    await Promise.all(indexes.map((index) => store.put(index, this.chunk(index))));
  }

  get(store: FileStore, index: number): Promise<Uint8Array> {
    return store.get(index, 0, this.chunk(index).length);
  }

  pathOf(fileIndex: number): string {
    return join(this.root, ...this.files[fileIndex]!.path);
  }

  has(fileIndex: number): boolean {
    return existsSync(this.pathOf(fileIndex));
  }

  get partFile(): string {
    return join(this.root, PART_FILE);
  }

  get hasPartFile(): boolean {
    return existsSync(this.partFile);
  }

  /** Whether a file on disk is what it should be. */
  async isWhole(fileIndex: number): Promise<boolean> {
    const offset = this.files.slice(0, fileIndex).reduce((sum, { length }) => sum + length, 0);
    const expected = this.bytes.subarray(offset, offset + this.files[fileIndex]!.length);
    return Buffer.compare(await readFile(this.pathOf(fileIndex)), expected) === 0;
  }
}

/** A selection of these files. */
export const only =
  (...fileIndexes: readonly number[]) =>
  (fileIndex: number): boolean =>
    fileIndexes.includes(fileIndex);
