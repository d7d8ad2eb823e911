/** What a torrent is made of and what of it is here. */
import {
  barStyle,
  cleanText,
  formatBar,
  formatByteSize,
  formatNumberRanges,
  formatPercent,
} from '@shoal/cli';
import type { FileSnapshot, TorrentDetail } from '@shoal/engine';
import { showsGlyphs } from '../../tui/ascii-terminal.ts';
import { toAscii } from '../../tui/format/ascii.ts';
import { CELL_GLYPHS, pieceMap } from '../../tui/format/piece-map.ts';
import { say } from '../answer.ts';
import { command } from '../command.ts';
import { formatTable } from '../text/table.ts';

const UNKNOWN = 'not known yet';
const BAR_WIDTH = 20;
/** The piece map: cells a line, and lines. */
const MAP_WIDTH = 64;
const MAP_LINES = 8;
/** Ranges that are written out. */
const MAX_RANGES = 200;

export const seeTorrentStruct = command({
  name: 'see_torrent_struct',
  section: 'me',
  summary: 'shows how the torrent is made',
  answers:
    'name, infohash, piece length, piece count, files with sizes and their piece ranges, trackers',
  examples: ['/see_torrent_struct'],
  arguments: [],
  async *run(context) {
    const detail = await context.detail();
    const { name, infoHash, pieceLength, pieceCount, totalLength, files, trackers } = detail;
    const isKnown = pieceCount > 0;
    const facts = [
      ['name', cleanText(name)],
      ['infohash', infoHash],
      ['size', isKnown ? `${formatByteSize(totalLength)} (${totalLength} bytes)` : UNKNOWN],
      ['piece length', isKnown ? `${formatByteSize(pieceLength)} (${pieceLength} bytes)` : UNKNOWN],
      ['piece count', isKnown ? String(pieceCount) : UNKNOWN],
      ...trackers.map(({ url }) => ['tracker', cleanText(url)]),
    ];
    const rows = files.map((file) => [
      `file ${file.index + 1}`,
      formatByteSize(file.length),
      pieceRange(file),
      file.priority === 'normal'
        ? cleanText(file.path)
        : `${cleanText(file.path)} (${file.priority})`,
    ]);
    yield say([formatTable(facts), formatTable(rows)].filter((part) => part !== '').join('\n'), {
      name,
      infoHash,
      totalLength,
      pieceLength,
      pieceCount,
      files,
      trackers: trackers.map(({ url }) => url),
    });
  },
});

export const seeChunkStatus = command({
  name: 'see_chunk_status',
  section: 'me',
  summary: 'shows how much of each file is here',
  answers: 'per file: pieces have / all, a bar, and the piece map',
  examples: ['/see_chunk_status'],
  arguments: [],
  async *run(context) {
    const detail = await context.content();
    const style = barStyle();
    const files = detail.files.map((file) => {
      const { index, path, length, haveLength } = file;
      return { index, path, length, haveLength, ...pieceCounts(file, detail) };
    });
    const rows = files.map(({ path, length, haveLength, haveCount, pieceCount }) => {
      const share = length === 0 ? 1 : haveLength / length;
      const bar = formatBar(share, BAR_WIDTH, style);
      return [`${haveCount} / ${pieceCount}`, `[${bar}]`, formatPercent(share), cleanText(path)];
    });
    const { pieceCount, havePieceCount } = detail;
    yield say(`${formatTable(rows)}\n${mapLines(detail).join('\n')}`, {
      files,
      pieceCount,
      havePieceCount,
    });
  },
});

export const seeCurrentChunks = command({
  name: 'see_current_chunks',
  section: 'me',
  summary: 'shows which pieces are here',
  answers: 'piece ranges (`0-41, 57`) with counts',
  examples: ['/see_current_chunks'],
  arguments: [],
  async *run(context) {
    const { pieces, pieceCount } = await context.content();
    yield ranges([...pieces.indexes()], pieceCount, 'here');
  },
});

export const seeMissingChunks = command({
  name: 'see_missing_chunks',
  section: 'me',
  summary: 'shows which pieces are missing',
  answers: 'piece ranges (`42-56, 58`) with counts',
  examples: ['/see_missing_chunks'],
  arguments: [],
  async *run(context) {
    const { pieces, pieceCount } = await context.content();
    const all = Array.from({ length: pieceCount }, (_, index) => index);
    yield ranges(
      all.filter((index) => !pieces.has(index)),
      pieceCount,
      'missing',
    );
  },
});

function ranges(indexes: readonly number[], pieceCount: number, word: string) {
  const listed = indexes.length === 0 ? '' : `: ${formatNumberRanges(indexes, MAX_RANGES)}`;
  return say(`${indexes.length} of ${pieceCount} pieces ${word}${listed}`, {
    count: indexes.length,
    pieceCount,
    ranges: formatNumberRanges(indexes, Number.POSITIVE_INFINITY),
  });
}

function pieceRange({ firstPiece, lastPiece }: FileSnapshot): string {
  if (lastPiece < firstPiece) return 'no pieces';
  return firstPiece === lastPiece ? `piece ${firstPiece}` : `pieces ${firstPiece}-${lastPiece}`;
}

/** A piece that two files share counts for both. */
function pieceCounts(
  { firstPiece, lastPiece }: FileSnapshot,
  { pieces }: TorrentDetail,
): { readonly haveCount: number; readonly pieceCount: number } {
  let haveCount = 0;
  for (let index = firstPiece; index <= lastPiece; index++) if (pieces.has(index)) haveCount++;
  return { haveCount, pieceCount: lastPiece - firstPiece + 1 };
}

function mapLines(detail: TorrentDetail): string[] {
  const { cells, piecesPerCell } = pieceMap(detail, MAP_WIDTH * MAP_LINES);
  const glyphs = cells.map((kind) => CELL_GLYPHS[kind]);
  const lines: string[] = [];
  for (let at = 0; at < glyphs.length; at += MAP_WIDTH)
    lines.push(glyphs.slice(at, at + MAP_WIDTH).join(''));
  if (piecesPerCell > 1) lines.push(`${piecesPerCell} pieces a cell`);
  return showsGlyphs(process.env) ? lines : lines.map(toAscii);
}
