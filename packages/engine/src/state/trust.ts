/** Which pieces a resume state may be believed for, and which must be hashed again. Pure. */
import type { FileMark } from '@shoal/chunk-store';
import type { TorrentFile } from '@shoal/metainfo';
import { Bitfield, type PieceIndex, type PieceLayout } from '@shoal/units';

export interface Trust {
  /** Known to be good: claimed, and their files are as they were. */
  readonly trusted: Bitfield;
  /** To be hashed: something lies there that nobody vouches for. */
  readonly suspects: Bitfield;
}

/** What a mark stands for: the bytes `offset..offset + length` of the torrent. */
export interface MarkedSpan {
  readonly offset: number;
  readonly length: number;
}

const NOT_THERE: FileMark = { length: 0, mtimeMs: 0 };

/**
 * Compares what lies on disk now with what the state saw.
 *
 * A span whose mark is the same: its claimed pieces are trusted as far as the file reaches (it may
 * have been cut or removed before the state was written), the others are missing. A span
 * whose mark differs, or without a state: every piece that touches it and has bytes on disk is
 * suspect. A span with nothing on disk: its pieces are missing. Of a span in a part file nobody can say
 * how far it reaches.
 */
export function compareMarks(
  layout: PieceLayout,
  spans: readonly MarkedSpan[],
  now: readonly FileMark[],
  claimed: { readonly pieces: Bitfield; readonly marks: readonly FileMark[] } | undefined,
): Trust {
  const trusted = claimed?.pieces.clone() ?? new Bitfield(layout.pieceCount);
  const suspects = new Bitfield(layout.pieceCount);
  for (const [at, span] of spans.entries()) {
    const mark = now[at] ?? NOT_THERE;
    const before = claimed?.marks[at];
    const isKnown = before !== undefined && isSame(mark, before);
    const reach = mark.isApart ? span.length : mark.length;
    if (span.length === 0 || (isKnown && reach >= span.length)) continue;
    // What lies beyond the end of the file is not there, whatever was claimed of it.
    const first = Math.floor((span.offset + (isKnown ? reach : 0)) / layout.pieceLength);
    const last = Math.floor((span.offset + span.length - 1) / layout.pieceLength);
    const lastOnDisk = Math.floor((span.offset + reach - 1) / layout.pieceLength);
    for (let piece = first; piece <= last; piece++) {
      trusted.delete(piece);
      if (!isKnown && reach > 0 && piece <= lastOnDisk) suspects.add(piece);
    }
  }
  return { trusted, suspects };
}

/** The spans of a torrent's files, one mark each. Pad files are never on disk. */
export function fileSpans(files: readonly TorrentFile[]): MarkedSpan[] {
  return files.map(({ offset, length, isPad }) => ({ offset, length: isPad ? 0 : length }));
}

/** The spans of a chunk folder: a mark for each chunk. */
export function chunkSpans(layout: PieceLayout): MarkedSpan[] {
  return Array.from({ length: layout.pieceCount }, (_, index) => ({
    offset: layout.offsetOf(index as PieceIndex),
    length: layout.lengthOf(index as PieceIndex),
  }));
}

/** File systems keep times to the microsecond at best, and states keep them so. */
function isSame(a: FileMark, b: FileMark): boolean {
  return a.length === b.length && Math.abs(a.mtimeMs - b.mtimeMs) < 0.002;
}
