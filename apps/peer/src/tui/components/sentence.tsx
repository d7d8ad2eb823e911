/** What a torrent does or why it stopped, over as many lines as it needs. */
import type { TorrentDetail } from '@shoal/engine';
import { Box } from 'ink';
import { torrentSentence } from '../format/torrent-facts.ts';
import { wrap } from '../format/wrap.ts';
import { Line, Tint } from './tint.tsx';

export interface SentenceProps {
  readonly torrent: TorrentDetail;
  /** As `sentenceLines` made them. */
  readonly lines: readonly string[];
}

/** Lines that a reason may take. */
const MAX_LINES = 3;

/** @param width - columns of the screen */
export function sentenceLines(torrent: TorrentDetail, width: number): string[] {
  return wrap(torrentSentence(torrent), width - 2, MAX_LINES);
}

export function Sentence({ torrent, lines }: SentenceProps) {
  const tone = torrent.status === 'error' ? 'bad' : 'faint';
  return (
    <Box flexDirection="column">
      {lines.map((line, at) => (
        <Line key={String(at)}>
          <Tint tone={tone}>{` ${line}`}</Tint>
        </Line>
      ))}
    </Box>
  );
}
