/** A torrent in two lines, for windows that are too narrow for a table. */
import type { TorrentSummary } from '@shoal/engine';
import { Box } from 'ink';
import { formatBytes, formatRate, NOTHING } from '../format/bytes.ts';
import { fit, textWidth } from '../format/fit.ts';
import { formatNoun, formatRatio } from '../format/numbers.ts';
import { barTone, shownPercent, shownShare, statusLook } from '../format/status.ts';
import { stopReason } from '../format/stop-reason.ts';
import { formatLeft } from '../format/time.ts';
import type { Tone } from '../theme.ts';
import { ProgressBar } from './progress-bar.tsx';
import { SelectMark } from './select-mark.tsx';
import { Line, Tint } from './tint.tsx';

export interface TorrentCardProps {
  readonly torrent: TorrentSummary;
  readonly isSelected: boolean;
  readonly width: number;
}

/** Selection mark, glyph, and the blanks after each. */
const INDENT = 4;
/** From this width on there is room for peers, ratio, and a column for the time left. */
const ROOMY_WIDTH = 76;
/** Below this width the size is left out. */
const SIZE_WIDTH = 58;
const MIN_NAME = 12;

/** Columns of the figures, each with the two blanks before it. */
const PERCENT = 7;
const SIZE = 10;
const RATE = 14;
const LEFT = 13;

export function TorrentCard({ torrent, isSelected, width }: TorrentCardProps) {
  const look = statusLook(torrent);
  const inner = width - INDENT - 1;
  const about = aboutOf(torrent, width);
  const nameWidth = Math.max(MIN_NAME, inner - textWidth(about) - 2);
  return (
    <Box flexDirection="column">
      <Line>
        <SelectMark isSelected={isSelected} />
        <Tint tone={look.tone}>{`${look.glyph} `}</Tint>
        <Tint bold={isSelected}>{fit(torrent.name, nameWidth)}</Tint>
        <Tint tone="faint">{`  ${about}`}</Tint>
      </Line>
      <Line>
        <SelectMark isSelected={isSelected} />
        {'  '}
        <Figures torrent={torrent} width={width} />
      </Line>
    </Box>
  );
}

function Figures({ torrent, width }: Omit<TorrentCardProps, 'isSelected'>) {
  const { downBytesPerS, upBytesPerS, etaS, wantedLength } = torrent;
  const size = width >= SIZE_WIDTH ? SIZE : 0;
  const left = width >= ROOMY_WIDTH ? LEFT : 0;
  const tail = RATE * 2 + left;
  const share = shownShare(torrent);
  const barWidth = width - INDENT - 1 - PERCENT - size - tail;
  return (
    <>
      <ProgressBar share={share} width={barWidth} tone={barTone(torrent)} />
      {fit(shownPercent(torrent), PERCENT, 'right')}
      <Tint tone="faint">
        {fit(wantedLength > 0 ? formatBytes(wantedLength) : '', size, 'right')}
      </Tint>
      {torrent.status === 'error' ? (
        <Tint tone="bad">{`  ${fit(stopReason(torrent.error).text, tail - 2)}`}</Tint>
      ) : (
        <>
          <Rate arrow="↓" tone="down" bytesPerS={downBytesPerS} />
          <Rate arrow="↑" tone="up" bytesPerS={upBytesPerS} />
          {fit(formatLeft(etaS), left, 'right')}
        </>
      )}
    </>
  );
}

interface RateProps {
  readonly arrow: string;
  readonly tone: Tone;
  readonly bytesPerS: number;
}

/** Blank where nothing moves: an idle list is a calm list. */
function Rate({ arrow, tone, bytesPerS }: RateProps) {
  const rate = formatRate(bytesPerS);
  return <Tint tone={tone}>{fit(rate === NOTHING ? '' : `${arrow} ${rate}`, RATE, 'right')}</Tint>;
}

/** What it does, in words: `14 peers · ratio 1.18 · downloading` */
function aboutOf(torrent: TorrentSummary, width: number): string {
  const { words } = statusLook(torrent);
  if (torrent.status === 'paused' || torrent.status === 'error') return words;
  if (width < ROOMY_WIDTH) return formatLeft(torrent.etaS) || words;
  const peers = torrent.peerCount > 0 ? `${formatNoun(torrent.peerCount, 'peer')} · ` : '';
  const ratio = torrent.uploaded > 0 ? `ratio ${formatRatio(torrent.ratio)} · ` : '';
  return peers + ratio + words;
}
