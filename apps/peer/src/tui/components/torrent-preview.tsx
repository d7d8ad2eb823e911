/** A look at the selected torrent below a short list. */
import type { TorrentDetail } from '@shoal/engine';
import { Box } from 'ink';
import { mainFacts } from '../format/torrent-facts.ts';
import { Facts } from './facts.tsx';
import { RateGraph } from './rate-graph.tsx';
import { Sentence, sentenceLines } from './sentence.tsx';
import { Line } from './tint.tsx';
import { TitleRule } from './title-rule.tsx';

export interface TorrentPreviewProps {
  readonly torrent: TorrentDetail;
  readonly width: number;
  /** Lines, at least 8. */
  readonly height: number;
}

export function TorrentPreview({ torrent, width, height }: TorrentPreviewProps) {
  const facts = mainFacts(torrent);
  const sentence = sentenceLines(torrent, width);
  const used = 2 + sentence.length + facts.length;
  return (
    <Box flexDirection="column" height={height} flexShrink={0}>
      <TitleRule title={torrent.name} width={width} />
      <Sentence torrent={torrent} lines={sentence} />
      <Facts facts={facts} width={width} />
      <Line />
      <RateGraph history={torrent.history} width={width} height={height - used} />
    </Box>
  );
}
