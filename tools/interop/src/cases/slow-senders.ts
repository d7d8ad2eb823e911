/** Ten thousand connections that never finish their request: a tracker answers the others at once. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { TRACKER_PORT } from '../trackers/tracker.ts';
import { type HealthLimits, WatchedProgram, withOpenFiles } from '../watched-program.ts';

const HOSTILE = join(import.meta.dirname, '..', 'hostile');
const SLOW_COUNT = 10_000;
/** Beside the slow ones there is room for the good. */
const CONNECTION_LIMIT = 11_000;
const OPEN_FILES = 12_000;
const GOOD_COUNT = 500;
/** Some kilobytes for each connection. The processors are shared with the senders and other cases. */
const LIMITS: HealthLimits = { growthMib: 256, p99Ms: 250, longestMs: 1_500 };
const MAX_P99_MS = 500;

async function run(arena: Arena): Promise<void> {
  const [host, slowHost, goodHost] = [arena.host(1), arena.host(2), arena.host(3)];
  const args = [
    ...['--http', `0.0.0.0:${TRACKER_PORT}`, '--udp', 'off', '--json'],
    ...['--max-connections', String(CONNECTION_LIMIT)],
  ];
  const tracker = new WatchedProgram(arena, host, 'shoal-tracker', args, OPEN_FILES);
  await tracker.program.line(/"event":"ready"/, arena.signal);
  await tracker.begin();
  const target = [host.v4, String(TRACKER_PORT)];
  const slow = [process.execPath, join(HOSTILE, 'slow-http.ts'), ...target, String(SLOW_COUNT)];
  const hoard = arena.start(slowHost, 'slow senders', withOpenFiles(OPEN_FILES, slow));
  await hoard.line(/hoarding/, arena.signal);
  const good = [process.execPath, join(HOSTILE, 'good-announces.ts'), ...target];
  const said = await arena.ask(goodHost, [...good, String(GOOD_COUNT)]);
  const { p99Ms, longestMs }: { p99Ms: number; longestMs: number } = JSON.parse(said);
  arena.note(
    `${tracker.demand(LIMITS)}; good announces: ${p99Ms.toFixed(0)} ms (p99), ` +
      `${longestMs.toFixed(0)} ms at worst`,
  );
  if (!(p99Ms <= MAX_P99_MS)) throw new Error(`p99 is ${p99Ms.toFixed(0)} ms, limit ${MAX_P99_MS}`);
}

export const slowSenderCases: readonly Case[] = [
  {
    name: `slow senders: ${SLOW_COUNT.toLocaleString('en')} connections, good announces to shoal-tracker`,
    needs: [],
    needsHosts: true,
    limitS: 120,
    run,
  },
];
