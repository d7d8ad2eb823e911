/** A look at the selected torrent below a short list. */
import type { Limits, TorrentDetail } from '@shoal/engine';
import { Box } from 'ink';
import { mainFacts, moreFacts } from '../format/torrent-facts.ts';
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
  /** Wall time, milliseconds since 1970. */
  readonly nowMs: number;
  /** Of all torrents together. */
  readonly sharedLimits: Limits;
}

/** From this height on there is room for the facts of the second rank. */
const TALL = 22;

export function TorrentPreview(props: TorrentPreviewProps) {
  const { torrent, width, height, nowMs, sharedLimits } = props;
  const more = height >= TALL ? moreFacts(torrent, nowMs, sharedLimits) : [];
  const facts = [...mainFacts(torrent), ...more];
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
