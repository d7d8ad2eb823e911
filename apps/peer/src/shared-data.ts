/** Whether the files of a torrent lie in a folder. */
import { FileStore, StoreError } from '@shoal/chunk-store';
import type { Info } from '@shoal/metainfo';

/** The time of a file that is not there. */
const NEVER_MS = 0;

/** Whether every file is there with its whole length; what is in them has to be hashed. */
export async function liesIn(info: Info, folder: string): Promise<boolean> {
  const { files, layout } = info;
  const store = new FileStore({ root: folder, files, chunkLength: layout.pieceLength });
  try {
    const marks = await store.marks();
    return files.every(({ length, isPad }, at) => {
      const mark = marks[at]!;
      return isPad || (mark.length === length && mark.mtimeMs !== NEVER_MS);
    });
  } catch (error) {
    if (error instanceof StoreError) return false; // a link or a folder in its place, or unreadable
    throw error;
  } finally {
    await store.close();
  }
}
