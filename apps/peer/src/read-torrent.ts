/** A .torrent file from disk, checked. */
import { explaining, readTorrentFile } from '@shoal/cli';
import { type Metainfo, parseMetainfo } from '@shoal/metainfo';

/** @throws CliError: no such file (1), bad bencode (25), bad torrent (26); the sentence names the path */
export async function readTorrent(path: string): Promise<Metainfo> {
  const bytes = await readTorrentFile(path);
  return explaining(path, () => parseMetainfo(bytes));
}
