/** Where the bytes of a torrent lie: from a range of the whole to ranges of its files. */
import { type StoredFile, StoreError } from '../chunk-store.ts';

/** Part of one file. All in bytes: `position` in the file, `at` from the start of the asked range. */
export interface Span {
  readonly fileIndex: number;
  readonly position: number;
  readonly at: number;
  readonly length: number;
}

/** The files of a torrent end to end. Pad files take room but have no span. */
export class FileMap {
  readonly files: readonly StoredFile[];
  readonly totalLength: number;
  /** Where each file begins in the whole torrent. */
  readonly #offsets: Float64Array;

  /**
   * @param partFile - a name in the root that is taken too
   * @throws StoreError `unsafe-path` for a name that could leave the root, or a path given twice
   */
  constructor(files: readonly StoredFile[], partFile?: string) {
    this.files = files;
    this.#offsets = new Float64Array(files.length);
    let offset = 0;
    for (const [fileIndex, file] of files.entries()) {
      this.#offsets[fileIndex] = offset;
      offset += file.length;
    }
    this.totalLength = offset;
    const taken = partFile === undefined ? [] : [{ path: [partFile], length: 0, isPad: false }];
    checkPaths([...taken, ...files]);
  }

  /** The stored parts of `length` bytes at `offset`, in order; what they leave out is padding. */
  spans(offset: number, length: number): Span[] {
    const spans: Span[] = [];
    const end = offset + length;
    for (let fileIndex = this.#fileAt(offset); fileIndex < this.files.length; fileIndex++) {
      const fileOffset = this.#offsets[fileIndex]!;
      if (fileOffset >= end) break;
      const file = this.files[fileIndex]!;
      const from = Math.max(offset, fileOffset);
      const to = Math.min(end, fileOffset + file.length);
      if (to <= from || file.isPad) continue;
      spans.push({ fileIndex, position: from - fileOffset, at: from - offset, length: to - from });
    }
    return spans;
  }

  /** The last file that begins at or before `offset`, by halving. */
  #fileAt(offset: number): number {
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    while (low > 0 && this.#offsets[low - 1] === offset) low--;
    return low;
  }
}

function checkPaths(files: readonly StoredFile[]): void {
  const seen = new Set<string>();
  for (const { path, isPad } of files) {
    if (isPad) continue;
    const joined = path.join('/');
    if (path.length === 0 || !path.every(isSafeName) || seen.has(joined))
      throw new StoreError('unsafe-path', `unsafe or repeated path ${JSON.stringify(joined)}`, {
        path: joined,
      });
    seen.add(joined);
  }
}

/** Whether a name can only mean an entry of the folder it is looked up in, on any system. */
export function isSafeName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}
