/** The first tab: how far, how fast, since when. */
import type { Limits, TorrentDetail } from '@shoal/engine';
import { Box } from 'ink';
import { Facts } from '../components/facts.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { RateGraph } from '../components/rate-graph.tsx';
import { Sentence, sentenceLines } from '../components/sentence.tsx';
import { Line, Tint } from '../components/tint.tsx';
import { barTone, shownPercent, shownShare } from '../format/status.ts';
import { mainFacts, moreFacts } from '../format/torrent-facts.ts';

export interface OverviewTabProps {
  readonly torrent: TorrentDetail;
  readonly width: number;
  readonly height: number;
  /** Wall time, milliseconds since 1970. */
  readonly nowMs: number;
  /** Of all torrents together. */
  readonly sharedLimits: Limits;
}

/** From this height on the facts of the second rank are shown and blank lines set things apart. */
const TALL = 17;
/** A graph higher than this tells no more. */
const MAX_GRAPH = 24;
const PERCENT_WIDTH = 7;

export function OverviewTab(props: OverviewTabProps) {
  const { torrent, width, height, nowMs, sharedLimits } = props;
  const isTall = height >= TALL;
  const facts = isTall
    ? [...mainFacts(torrent), ...moreFacts(torrent, nowMs, sharedLimits)]
    : mainFacts(torrent);
  const sentence = sentenceLines(torrent, width);
  const used = 1 + sentence.length + facts.length + (isTall ? 3 : 1);
  const share = shownShare(torrent);
  return (
    <Box flexDirection="column" height={height}>
      {isTall && <Line />}
      <Line>
        {' '}
        <ProgressBar share={share} width={width - PERCENT_WIDTH - 2} tone={barTone(torrent)} />
        <Tint bold>{shownPercent(torrent).padStart(PERCENT_WIDTH)}</Tint>
      </Line>
      <Sentence torrent={torrent} lines={sentence} />
      {isTall && <Line />}
      <Facts facts={facts} width={width} />
      <Line />
      <RateGraph
        history={torrent.history}
        width={width}
        height={Math.min(MAX_GRAPH, height - used)}
      />
    </Box>
  );
}
