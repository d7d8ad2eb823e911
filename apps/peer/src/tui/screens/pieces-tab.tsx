/** The map of all pieces. */
import type { TorrentDetail } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyTab } from '../components/empty-tab.tsx';
import { Line, Tint } from '../components/tint.tsx';
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/numbers.ts';
import { CELL_GLYPHS, type CellKind, cellRuns, pieceMap } from '../format/piece-map.ts';
import type { Tone } from '../theme.ts';

export interface PiecesTabProps {
  readonly torrent: TorrentDetail;
  readonly width: number;
  readonly height: number;
}

const TONES: Readonly<Record<CellKind, Tone>> = {
  have: 'good',
  partly: 'good',
  active: 'warn',
  common: 'faint',
  rare: 'faint',
  none: 'bad',
};

const LEGEND: readonly (readonly [CellKind, string])[] = [
  ['have', 'have'],
  ['partly', 'some'],
  ['active', 'fetching'],
  ['common', 'common'],
  ['rare', 'rare'],
  ['none', 'nobody'],
];

/** Lines beside the map: its head, a blank one, the legend. */
const OTHER_LINES = 4;
const MARGIN = 2;

export function PiecesTab({ torrent, width, height }: PiecesTabProps) {
  if (torrent.pieceCount === 0)
    return (
      <EmptyTab
        title="The pieces are not known yet"
        advice="they come with the metadata, from the first peer that has it"
        width={width}
        height={height}
      />
    );
  const lineWidth = width - MARGIN * 2;
  const map = pieceMap(torrent, lineWidth * Math.max(1, height - OTHER_LINES));
  const lineCount = Math.ceil(map.cells.length / lineWidth);
  const margin = ' '.repeat(MARGIN);
  return (
    <Box flexDirection="column" height={height}>
      <Line>
        {margin}
        <Tint tone="faint">{headOf(torrent, map.piecesPerCell)}</Tint>
      </Line>
      <Line />
      {Array.from({ length: lineCount }, (_, line) => (
        <MapLine
          key={String(line)}
          cells={map.cells.slice(line * lineWidth, (line + 1) * lineWidth)}
        />
      ))}
      <Box flexGrow={1} />
      <Line>
        {margin}
        {LEGEND.map(([kind, words]) => (
          <Tint key={kind}>
            <Tint tone={TONES[kind]}>{CELL_GLYPHS[kind]}</Tint>
            <Tint tone="faint">{` ${words}  `}</Tint>
          </Tint>
        ))}
      </Line>
    </Box>
  );
}

function MapLine({ cells }: { readonly cells: readonly CellKind[] }) {
  return (
    <Line>
      {' '.repeat(MARGIN)}
      {cellRuns(cells).map(({ kind, length }, at) => (
        <Tint key={String(at)} tone={TONES[kind]}>
          {CELL_GLYPHS[kind].repeat(length)}
        </Tint>
      ))}
    </Line>
  );
}

function headOf(torrent: TorrentDetail, piecesPerCell: number): string {
  const have = `${formatCount(torrent.havePieceCount)} of ${formatCount(torrent.pieceCount)} × ${formatBytes(torrent.pieceLength)}`;
  const active = torrent.activePieces.length;
  const fetching = active > 0 ? ` · ${active} being fetched` : '';
  return have + fetching + (piecesPerCell > 1 ? ` · ${piecesPerCell} a cell` : '');
}
