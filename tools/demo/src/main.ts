/**
 * `npm run demo`: a tracker, a seeder and a peer on this machine, and 64 MiB between them.
 *
 * On a terminal the peer's screen shows the download, held to a rate that eyes can follow; the
 * same download follows without a screen, as fast as it goes. Without a terminal there is the
 * second one alone. Nothing is left running or lying about, whatever happens.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Cast, exitCode } from './cast.ts';
import { FILE_COUNT, SAMPLE_LENGTH, SAMPLE_NAME, writeSample } from './sample.ts';
import { scrapeUrl, seederCount } from './seeder-count.ts';

/** Of the download on the screen, bytes a second. */
const WATCHABLE_RATE = '8M';
/** Of another peer, which is served by the one on the screen and finishes after it. */
const OTHER_RATE = '5M';
/** Time to read what is about to come. */
const FIRST_LOOK_MS = 2_500;
/** How long the finished download stays on the screen, unless it is left before. */
const LAST_LOOK_MS = 15_000;
const POLL_MS = 100;
const HERE = ['--host', '127.0.0.1', '--port', '0', '--no-dht', '--no-lsd'];

const folder = mkdtempSync(join(tmpdir(), 'shoal-demo-'));
const cast = new Cast(folder);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
process.on('exit', () => {
  cast.abandon();
  rmSync(folder, { recursive: true, force: true });
});

interface Swarm {
  readonly torrent: string;
  /** Where the tracker counts its seeders. */
  readonly countUrl: string;
}

async function startSwarm(): Promise<Swarm> {
  console.log(`Making a sample: ${FILE_COUNT} files, ${SAMPLE_LENGTH / 1024 / 1024} MiB.`);
  const sample = await writeSample(join(folder, 'seeder'));
  const loopback = '127.0.0.1:0';
  const tracker = await cast.background('shoal-tracker', ['--http', loopback, '--udp', loopback]);
  console.log(`shoal-tracker listens on ${tracker.http} (HTTP) and ${tracker.udp} (UDP).`);
  const torrent = join(folder, 'sample.torrent');
  const announceUrl = `http://${tracker.http}/announce`;
  const state = join(folder, 'seeder-state');
  const seeder = await cast.background('shoal-seeder', [
    ...[sample, '--tracker', announceUrl, '--output', torrent, '--state', state],
    ...HERE,
  ]);
  console.log('shoal-seeder made a torrent of it and seeds.');
  const countUrl = scrapeUrl(String(tracker.http), String(seeder.infoHash));
  return { torrent, countUrl };
}

/** Downloads on the screen. @returns the screen's exit code */
async function watch({ torrent, countUrl }: Swarm): Promise<number> {
  console.log('Here is shoal, held to 8 MiB a second so that there is something to see.');
  console.log('Another peer fetches the same, some of it from this one.');
  console.log('Try 2, 3, 4 and ? on the screen; q leaves it.');
  console.log(`It leaves by itself ${LAST_LOOK_MS / 1000} s after the last piece.`);
  await delay(FIRST_LOOK_MS, undefined, { signal: stop.signal });
  const dismissOther = cast.aside('shoal', [
    ...['get', torrent, '--output', join(folder, 'other'), '--state', join(folder, 'other-state')],
    ...['--down-limit', OTHER_RATE, ...HERE],
  ]);
  const startedAtMs = performance.now();
  const screen = cast.foreground('shoal', [
    ...[torrent, '--output', join(folder, 'screen'), '--state', join(folder, 'screen-state')],
    ...['--down-limit', WATCHABLE_RATE, ...HERE],
  ]);
  const ended = exitCode(screen);
  const left = new AbortController();
  ended.then(() => left.abort());
  const isComplete = await untilComplete(countUrl, AbortSignal.any([stop.signal, left.signal]));
  const elapsedMs = performance.now() - startedAtMs;
  if (isComplete) {
    await Promise.race([delay(LAST_LOOK_MS), ended]);
    screen.kill('SIGTERM');
  }
  const code = await ended;
  await dismissOther();
  if (code === 0 && isComplete) console.log(`On the screen: ${describe(elapsedMs)}.`);
  return isComplete ? code : code || 7;
}

/** @returns false when `signal` came first */
async function untilComplete(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const count = await seederCount(url, signal).catch(() => 0);
    if (count >= 2) return true;
    await delay(POLL_MS);
  }
  return false;
}

function describe(elapsedMs: number): string {
  const mebibytes = SAMPLE_LENGTH / 1024 / 1024;
  const seconds = elapsedMs / 1000;
  return `${mebibytes} MiB in ${seconds.toFixed(1)} s (${(mebibytes / seconds).toFixed(0)} MiB/s)`;
}

/** Downloads without a screen, as fast as it goes; `shoal get` says how fast that was. */
function fetchPlainly({ torrent }: Swarm): Promise<number> {
  const args = ['--output', join(folder, 'plain'), '--state', join(folder, 'plain-state')];
  return exitCode(cast.foreground('shoal', ['get', torrent, ...args, ...HERE]));
}

function verify({ torrent }: Swarm, name: string): Promise<number> {
  return exitCode(cast.foreground('shoal', ['verify', torrent, join(folder, name)]));
}

async function main(): Promise<number> {
  const swarm = await startSwarm();
  const acts: (() => Promise<number>)[] = [];
  if (process.stdin.isTTY && process.stdout.isTTY) {
    acts.push(() => watch(swarm));
    acts.push(() => verify(swarm, 'screen'));
    console.log(`"${SAMPLE_NAME}" comes twice: first on the screen, then as fast as it goes.`);
  }
  acts.push(() => fetchPlainly(swarm));
  acts.push(() => verify(swarm, 'plain'));
  for (const act of acts) {
    const code = stop.signal.aborted ? 7 : await act();
    if (code !== 0) return code;
  }
  console.log('Everything arrived and every piece is good. Nothing is left behind.');
  return 0;
}

try {
  process.exitCode = await Promise.race([main(), stopped()]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await cast.dismiss();
}

/** @returns the exit code of a demo that was stopped: 7, as the programs' own */
function stopped(): Promise<number> {
  return new Promise((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(7), { once: true });
  });
}
