/** Which bytes of which file a run of pieces is, and where a web seed has them. Pure. BEP 19. */
import type { Info, TorrentFile } from '@shoal/metainfo';

/** A part of one file, in the order of the torrent. */
export interface FileSpan {
  readonly file: TorrentFile;
  /** Offset in the file. */
  readonly start: number;
  readonly length: number;
}

/** The parts of the files that make up `offset..offset + length` of the torrent, empty files left out. */
export function fileSpansOf(
  files: readonly TorrentFile[],
  offset: number,
  length: number,
): FileSpan[] {
  const end = offset + length;
  const spans: FileSpan[] = [];
  for (const file of files) {
    const from = Math.max(offset, file.offset);
    const to = Math.min(end, file.offset + file.length);
    if (to > from) spans.push({ file, start: from - file.offset, length: to - from });
  }
  return spans;
}

/**
 * The URL of a file at a web seed: the seed's own for a single file (with the name behind a
 * slash), else the path below it. Each component is percent-encoded as found in the torrent.
 * @see BEP 19, "Metadata Extension"
 */
export function urlOfFile(seedUrl: string, info: Info, file: TorrentFile): string {
  if (!info.isMultiFile && !seedUrl.endsWith('/')) return seedUrl;
  const base = seedUrl.endsWith('/') ? seedUrl : `${seedUrl}/`;
  const names = file.rawPath.split('/');
  return (
    base + (info.isMultiFile ? [info.rawName, ...names] : names).map(encodeURIComponent).join('/')
  );
}
