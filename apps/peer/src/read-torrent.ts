/** A .torrent file from disk, checked. */
import { CliError, cleanText, ExitCode, explaining, readTorrentFile } from '@shoal/cli';
import { type Metainfo, parseMetainfo } from '@shoal/metainfo';

/** @throws CliError: no such file (1), bad bencode (25), bad torrent (26); the sentence names the path */
export async function readTorrent(path: string): Promise<Metainfo> {
  const bytes = await readTorrentFile(path);
  return explaining(path, () => parseMetainfo(bytes));
}

/**
 * For commands that read what lies on this disk.
 * @param reads - what the command reads: ends the sentence
 * @throws CliError when the argument is a URL
 */
export function refuseUrl(text: string, reads: string): void {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return;
  throw new CliError(
    ExitCode.usage,
    `${cleanText(text, 300)} is a URL, and ${reads}.`,
    'Fetch it first; shoal get takes HTTP URLs as they are.',
  );
}
