/** `/check_tracker_connected` */
import { cleanText, formatDuration } from '@shoal/cli';
import type { TrackerSnapshot } from '@shoal/engine';
import { formatNoun } from '../../tui/format/numbers.ts';
import { say } from '../answer.ts';
import { command } from '../command.ts';
import { yesNo } from '../text/peer-text.ts';
import { formatTable } from '../text/table.ts';
import { isConnected } from './announce-round.ts';

export const checkTrackerConnected = command({
  name: 'check_tracker_connected',
  section: 'tracker',
  summary: 'says of each tracker whether it is connected',
  answers: 'yes or no, per tracker: last announce, next one, seeders, leechers, last error',
  examples: ['/check_tracker_connected'],
  arguments: [],
  async *run(context) {
    const { name, trackers } = await context.detail();
    if (trackers.length === 0) yield say(`no, ${cleanText(name)} has no tracker`, { trackers: [] });
    else {
      const wallMs = context.host.clock.wallMs();
      const fields = trackers.map((tracker) => ({ ...tracker, isConnected: isConnected(tracker) }));
      yield say(formatTable(trackers.map((tracker) => rowOf(tracker, wallMs))), {
        trackers: fields,
      });
    }
  },
});

function rowOf(tracker: TrackerSnapshot, wallMs: number): string[] {
  const { url, lastAnnounceAtMs, nextAnnounceAtMs, seederCount, leecherCount, message } = tracker;
  const facts = [
    lastAnnounceAtMs === undefined
      ? 'never announced'
      : `last announce ${formatDuration((wallMs - lastAnnounceAtMs) / 1000)} ago`,
    nextAnnounceAtMs === undefined
      ? 'no next one'
      : `next in ${formatDuration((nextAnnounceAtMs - wallMs) / 1000)}`,
    counted(seederCount, 'seeder'),
    counted(leecherCount, 'leecher'),
  ];
  if (message !== undefined) facts.push(`last error: ${cleanText(message)}`);
  return [yesNo(isConnected(tracker)), cleanText(url), facts.join(', ')];
}

function counted(count: number | undefined, noun: string): string {
  return count === undefined ? `${noun}s not known` : formatNoun(count, noun);
}
