/** Files of a merge that lie at their places already: right to the byte, or in the way. */
import { join } from 'node:path';
import { equalBytes, PieceLayout } from '@shoal/units';
import { type StoredFile, StoreError } from '../chunk-store.ts';
import { inBatches } from '../files/batches.ts';
import { FileMap } from '../files/file-map.ts';
import { FileStore } from '../files/file-store.ts';
import { nodeFileSystem } from '../files/file-system.ts';
import { lstatOrNothing } from '../files/lstat-or-nothing.ts';
import { toStoreError } from '../files/system-error.ts';

export interface PresentFilesOptions {
  readonly root: string;
  /** Where they are to lie in the end; those that are not wanted count as padding. */
  readonly files: readonly StoredFile[];
  readonly chunkLength: number;
}

export class PresentFiles {
  /** Which files are there, by index. */
  readonly indexes: ReadonlySet<number>;
  readonly #root: string;
  readonly #store: FileStore;
  readonly #map: FileMap;
  readonly #layout: PieceLayout;

  private constructor(options: PresentFilesOptions, indexes: ReadonlySet<number>) {
    const { root, chunkLength } = options;
    const files = options.files.map((file, at) => ({ ...file, isPad: !indexes.has(at) }));
    this.indexes = indexes;
    this.#root = root;
    this.#map = new FileMap(files);
    this.#store = new FileStore({ root, files, chunkLength });
    this.#layout = new PieceLayout(this.#map.totalLength, chunkLength);
  }

  /** Looks which are there. @throws StoreError `exists` when one is no plain file of its length */
  static async find(options: PresentFilesOptions): Promise<PresentFiles> {
    const { root, files } = options;
    const found = await inBatches(files.length, (at) => isThere(root, files[at]!));
    return new PresentFiles(options, new Set([...files.keys()].filter((at) => found[at])));
  }

  /**
   * Compares a verified chunk with what lies there.
   * @throws StoreError `exists` when a file differs; `unsafe-path` when a link leads to it
   */
  async demandSame(index: number, bytes: Uint8Array): Promise<void> {
    const known = this.#layout.pieceIndex(index)!;
    const spans = this.#map.spans(this.#layout.offsetOf(known), bytes.length);
    if (spans.length === 0) return;
    const found = await this.#store.get(index, 0, bytes.length);
    for (const { fileIndex, at, length } of spans)
      if (!equalBytes(found.subarray(at, at + length), bytes.subarray(at, at + length)))
        throw inTheWay(join(this.#root, ...this.#map.files[fileIndex]!.path));
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

async function isThere(root: string, { path, length, isPad }: StoredFile): Promise<boolean> {
  if (isPad) return false;
  for (let depth = 1; depth <= path.length; depth++) {
    const place = join(root, ...path.slice(0, depth));
    const stats = await lstatOrNothing(nodeFileSystem, place).catch((error) => {
      throw toStoreError(error, 'read', place);
    });
    if (stats === undefined) return false;
    const isRight =
      depth < path.length ? stats.isDirectory() : stats.isFile() && stats.size === length;
    if (!isRight) throw inTheWay(place);
  }
  return true;
}

function inTheWay(path: string): StoreError {
  return new StoreError('exists', `${path} is there already, and differs`, { path });
}
