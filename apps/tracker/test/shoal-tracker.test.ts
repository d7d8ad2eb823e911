import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrackerTransport } from '@shoal/tracker/client';
import { hexToInfoHash, toPeerId } from '@shoal/units';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock, systemRandom } from '../src/adapters.ts';
import { VERSION } from '../src/version.ts';
import { ready, startTracker } from './tracker-process.ts';

const HERE = ['--http', '127.0.0.1:0', '--udp', '127.0.0.1:0'];
const INFO_HASH = '00112233445566778899aabbccddeeff00112233';

function announce(url: string, infoHash = INFO_HASH) {
  const transport = createTrackerTransport({
    userAgent: 'test',
    clock: systemClock,
    random: systemRandom,
  });
  onTestFinished(() => transport.close());
  const request = {
    infoHash: hexToInfoHash(infoHash)!,
    peerId: toPeerId(new Uint8Array(20))!,
    port: 6_881,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numWant: 10,
    key: 1,
  };
  return transport.announce(url, request, new AbortController().signal);
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'says where it listens, serves there with the interval given, and %s ends it with 0',
  async (signal) => {
    const tracker = startTracker([...HERE, '--interval', '123', '--json']);
    const event = await ready(tracker);
    expect(event).toEqual({
      event: 'ready',
      http: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d+$/),
      udp: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d+$/),
    });
    const { intervalS } = await announce(`http://${event.http}/announce`);
    // A little less each time.
    expect(intervalS).toBeGreaterThanOrEqual(117);
    expect(intervalS).toBeLessThanOrEqual(123);
    expect(await announce(`udp://${event.udp}`)).toMatchObject({ leecherCount: 1 });
    tracker.kill(signal);
    expect(await tracker.exitCode).toBe(0);
    expect(tracker.stdout().split('\n')[1]).toMatch(/^\{"event":"stopped","swarmCount":1,/);
    expect(tracker.stderr()).toBe('');
  },
);

test('says the announce URLs to people, and logs to stderr when asked', async () => {
  const tracker = startTracker(['--http', 'localhost:0', '--udp', 'off', '--log-level', 'info']);
  await expect
    .poll(tracker.stdout, { timeout: 10_000 })
    .toMatch(/^Tracker ready: http:\/\/.*\/announce\n$/);
  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
  expect(JSON.parse(tracker.stderr())).toMatchObject({ msg: 'listening', transport: 'HTTP' });
});

test('every flag may come from the environment, and the lists from files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-tracker-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const list = join(folder, 'allow');
  await writeFile(list, `# ours\n\n  ${INFO_HASH.toUpperCase()}  # one\r\n`);
  const tracker = startTracker([], {
    SHOAL_TRACKER_HTTP: '127.0.0.1:0',
    SHOAL_TRACKER_UDP: 'off',
    SHOAL_TRACKER_JSON: '1',
    SHOAL_TRACKER_ALLOW: list,
    SHOAL_TRACKER_INTERVAL: '77',
    SHOAL_TRACKER_MIN_INTERVAL: '77',
  });
  const { http, udp } = await ready(tracker);
  expect(udp).toBeNull();
  expect(await announce(`http://${http}/announce`)).toMatchObject({ intervalS: 77 });
  await expect(announce(`http://${http}/announce`, INFO_HASH.replaceAll('1', '2'))).rejects.toThrow(
    'this torrent is not tracked here',
  );
});

test.each([
  ['HTTP', ['--udp', 'off', '--http'], '--http, --https, --udp, --ws or --wss'],
  ['admin', ['--udp', 'off', '--http', '0', '--admin'], '--admin'],
])('a port that is taken for %s: one sentence, exit code 1', async (what, args, flags) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => taken.close(() => resolve())));
  const { port } = taken.address() as { port: number };
  const tracker = startTracker([...args, `127.0.0.1:${port}`]);
  expect(await tracker.exitCode).toBe(1);
  expect(tracker.stderr()).toBe(
    `shoal-tracker: The ${what} address 127.0.0.1:${port} is taken. End the program that has it, ` +
      `or give another port with ${flags} (0 takes a free one).\n`,
  );
});

test.each([
  [['--http', 'x'], 28, /--http .* is invalid\. Write PORT, HOST:PORT, \[IPV6\]:PORT, or off\./],
  [['--udp', '70000'], 28, /--udp .* is invalid/],
  [['--interval', '0'], 28, /Write a whole number from 1 to 14400\./],
  [['--log-level', 'loud'], 28, /Write one of debug, info, warn, error, silent\./],
  [['--http', 'off', '--udp', 'off'], 28, /Both --http and --udp are off\./],
  [['--allow', '/nowhere/list'], 1, /\/nowhere\/list does not exist\./],
  [['--deny', import.meta.filename], 28, /: line 1 is no infohash\. Write 40 hex digits a line/],
  [['--snapshot', '/proc/nowhere/swarms'], 1, /\/proc\/nowhere does not exist\./],
  [['--nonsense'], 2, /Unknown option '--nonsense'/],
  [['argument'], 2, /There is no command argument/],
])('%j ends with exit code %i and one sentence', async (args, exitCode, sentence) => {
  const tracker = startTracker(args);
  expect(await tracker.exitCode).toBe(exitCode);
  expect(tracker.stderr()).toMatch(sentence);
  expect(tracker.stderr().trim().split('\n')).toHaveLength(1);
  expect(tracker.stdout()).toBe('');
});

test('prints its version and every flag in the help', async () => {
  const version = startTracker(['-V']);
  expect(await version.exitCode).toBe(0);
  expect(version.stdout()).toBe(`${VERSION}\n`);
  const help = startTracker(['-h']);
  expect(await help.exitCode).toBe(0);
  for (const name of [
    'http',
    'udp',
    'ws',
    'private',
    'rate',
    'trusted-proxy',
    'interval',
    'allow',
    'deny',
    'json',
    'log-level',
  ])
    expect(help.stdout()).toContain(`--${name}`);
  expect(help.stdout()).toMatch(
    /where HTTP listens, or off \(repeatable\)\s+\(default:\s+6969\s+on\s+all\s+addresses\)/,
  );
  expect(help.stdout()).toContain('--interval 900 is SHOAL_TRACKER_INTERVAL=900');
});

test('the launcher parses on an old Node', async () => {
  const launcher = await readFile(join(import.meta.dirname, '../bin/shoal-tracker.js'), 'utf8');
  expect(launcher).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(launcher).not.toMatch(/\b(const|let|class|async|await)\b|`|\?\?|\?\./);
});
