/**
 * A million mutated requests over each transport to shoal-tracker as it is run: it reads them all,
 * takes no more memory for the later ones, says nothing of a fault, and answers right behind them.
 */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { shoalProgram } from '../clients/shoal.ts';
import type { Host } from '../hosts.ts';
import { scrape, TRACKER_PORT } from '../trackers/tracker.ts';

const SEND = join(import.meta.dirname, '..', 'hostile', 'send.ts');
const WS_PORT = 8000;
const ADMIN_PORT = 9696;
const PORTS = { http: TRACKER_PORT, udp: TRACKER_PORT, ws: WS_PORT } as const;

const COUNT = 1_000_000;
/** Sent at a time. */
const ROUND_COUNT = 250_000;
/** By so much memory may grow from the first round to the last: 50 bytes a request would show. */
const MAX_GROWTH = 48 * 1024 * 1024;

const READ =
  /^shoal_tracker_(?:(?:announces|scrapes|refusals|bad_requests|udp_connects|udp_dropped_packets)_total)\S* (\d+)$/gm;

interface State {
  /** Requests of all kinds. */
  readonly readCount: number;
  readonly residentBytes: number;
}

async function stateOf(arena: Arena, host: Host): Promise<State> {
  const url = `http://127.0.0.1:${ADMIN_PORT}/metrics`;
  const script = `fetch(${JSON.stringify(url)}).then((a) => a.text()).then(console.log)`;
  const metrics = await arena.ask(host, [process.execPath, '--eval', script]);
  const counts = [...metrics.matchAll(READ)].map(([, count]) => Number(count));
  return {
    readCount: counts.reduce((sum, count) => sum + count, 0),
    residentBytes: Number(metrics.match(/^process_resident_memory_bytes (\S+)$/m)?.[1]),
  };
}

/** An announce as any other must be answered as if nothing had been. */
async function demandAnAnswer(arena: Arena, host: Host): Promise<void> {
  const infoHash = '5a'.repeat(20);
  const target = `/announce?info_hash=${'%5a'.repeat(20)}&peer_id=-XX0001-000000006881`;
  const url = `http://127.0.0.1:${TRACKER_PORT}${target}&port=6881&left=0&uploaded=0&downloaded=0`;
  await arena.ask(host, [process.execPath, '--eval', `fetch(${JSON.stringify(url)})`]);
  const counts = await scrape(arena, host, infoHash);
  if (!counts.includes('8:completei1e')) throw new Error(`answers "${counts}" behind them`);
}

async function sendAll(arena: Arena, via: keyof typeof PORTS): Promise<void> {
  const host = arena.host(1);
  const any = '0.0.0.0';
  const tracker = arena.start(host, 'shoal-tracker', [
    ...shoalProgram('shoal-tracker'),
    ...['--http', `${any}:${TRACKER_PORT}`, '--udp', `${any}:${TRACKER_PORT}`],
    ...['--ws', `${any}:${WS_PORT}`, '--admin', String(ADMIN_PORT), '--json'],
    ...['--max-torrents', '5000', '--max-peers', '20000'],
  ]);
  await tracker.line(/"event":"ready"/, arena.signal);
  const started = await stateOf(arena, host);
  let state = started;
  let firstBytes: number | undefined;
  for (let seed = 1; state.readCount - started.readCount < COUNT; seed += 1) {
    const args = [via, PORTS[via], ROUND_COUNT, seed].map(String);
    await arena.ask(host, [process.execPath, SEND, ...args]);
    state = await stateOf(arena, host);
    firstBytes ??= state.residentBytes;
  }
  await demandAnAnswer(arena, host);
  const grown = state.residentBytes - (firstBytes ?? 0);
  if (!(grown <= MAX_GROWTH)) throw new Error(`${grown} bytes more than after the first round`);
  if (/"level":(?:[5-9]0|"error")|Error:/.test(tracker.output))
    throw new Error('it tells of a fault');
  const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  arena.note(
    `${state.readCount.toLocaleString('en')} read, ${mebibytes(started.residentBytes)} at first, ` +
      `${mebibytes(firstBytes ?? 0)} after a round, ${mebibytes(state.residentBytes)} in the end`,
  );
}

export const hostileRequestCases: readonly Case[] = (['http', 'udp', 'ws'] as const).map((via) => ({
  name: `a million mutated requests over ${via}: shoal-tracker answers on, in the same memory`,
  needs: [],
  needsHosts: true,
  limitS: 240,
  run: (arena) => sendAll(arena, via),
}));
