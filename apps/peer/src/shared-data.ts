/** Whether the files of a torrent lie in a folder. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileMark, FileStore, StoreError } from '@shoal/chunk-store';
import type { Info, TorrentFile } from '@shoal/metainfo';

/** The time of a file that is not there. */
const NEVER_MS = 0;

/** What a folder has of a torrent. */
export interface SharedData {
  /** Every file is there with its whole length; what is in them has to be hashed. */
  readonly isWhole: boolean;
  /** Path below the folder of a link in the place of a file or folder: it is not followed. */
  readonly link?: string | undefined;
}

/** Looks at what lies in a folder, and opens nothing. */
export async function lookInto(info: Info, folder: string): Promise<SharedData> {
  const { files, layout } = info;
  const store = new FileStore({ root: folder, files, chunkLength: layout.pieceLength });
  try {
    const marks = await store.marks();
    const lacking = files.find((file, at) => !file.isPad && !isThere(file.length, marks[at]!));
    const link = await firstLink(
      folder,
      lacking === undefined ? files.map(folderOf) : [lacking.path],
    );
    return { isWhole: lacking === undefined && link === undefined, link };
  } catch (error) {
    if (error instanceof StoreError) return { isWhole: false }; // unreadable
    throw error;
  } finally {
    await store.close();
  }
}

function isThere(length: number, mark: FileMark): boolean {
  return mark.length === length && mark.mtimeMs !== NEVER_MS;
}

function folderOf({ path }: TorrentFile): readonly string[] {
  return path.slice(0, -1);
}

/** The first of these paths, or of the folders above them, that is a link. */
async function firstLink(
  folder: string,
  paths: readonly (readonly string[])[],
): Promise<string | undefined> {
  const seen = new Set<string>();
  for (const path of paths)
    for (let end = 1; end <= path.length; end++) {
      const below = path.slice(0, end).join('/');
      if (seen.has(below)) continue;
      seen.add(below);
      const stats = await lstat(join(folder, below)).catch(() => undefined);
      if (stats?.isSymbolicLink()) return below;
    }
  return undefined;
}
