import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { expect, onTestFinished, test } from 'vitest';
import {
  REDIS_MISSING,
  RedisServer,
} from '../../../../packages/tracker/test/server/redis/redis-server.ts';
import { announce } from '../announcer.ts';
import { openBrowser } from '../browser.ts';
import { eventsOf, type Run, ready, startTracker } from '../tracker-process.ts';

const HERE = ['--http', '127.0.0.1:0', '--udp', 'off', '--json'];
const INTERVAL_S = 3;
const TORRENTS = [1, 2, 3];
const PEERS_PER_TORRENT = 15;

function run(...args: string[]): Run {
  return startTracker([...HERE, ...args]);
}

test('knows after a restart who announced before it', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const args = ['--snapshot', join(folder.path, 'state/swarms')];
  const before = run(...args);
  const { http } = await ready(before);
  await announce(http, { torrent: 1, port: 1_001, left: 0 });
  await announce(http, { torrent: 1, port: 1_002 });
  before.kill('SIGTERM');
  expect(await before.exitCode).toBe(0);
  const after = run(...args);
  const answer = await announce((await ready(after)).http, { torrent: 1, port: 1_003 });
  expect(answer).toMatchObject({ seederCount: 1, leecherCount: 2 });
  expect(answer.peers.map(({ port }) => port).sort()).toEqual([1_001, 1_002]);
});

test.each([
  [['--peer-ids'], 1],
  [['--peer-ids', '--workers', '2'], 1],
  [[], 0],
])('with %j lists of dicts have peer ids, over a restart too', async (flags, idCount) => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const args = ['--snapshot', join(folder.path, 'swarms'), ...flags];
  const before = run(...args);
  await announce((await ready(before)).http, { torrent: 1, port: 1_001 });
  before.kill('SIGTERM');
  await before.exitCode;
  const { http } = await ready(run(...args));
  const infoHash = '%01'.repeat(20);
  const query = `info_hash=${infoHash}&peer_id=-TT0001-000000001002&port=1002&left=1&compact=0`;
  const answer = await fetch(`http://${http}/announce?${query}`);
  const text = await answer.text();
  expect(text).toContain('2:ip9:127.0.0.1');
  expect(text.split('7:peer id20:-TT0001-0000000010014:porti1001e').length - 1).toBe(idCount);
});

test('goes on with nothing when its snapshot is damaged, says so, and keeps that file', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const path = join(folder.path, 'swarms');
  await writeFile(path, 'shoal-swarms v2\nof another version');
  const tracker = run('--snapshot', path);
  const { http } = await ready(tracker);
  expect(tracker.stderr()).toMatch(/snapshot not restored: starting empty/);
  const { keptAs } = JSON.parse(tracker.stderr()) as { keptAs: string };
  expect(await readFile(keptAs, 'utf8')).toMatch(/of another version$/);
  expect(await announce(http, { torrent: 1, port: 1 })).toMatchObject({ leecherCount: 1 });
  await tracker.end();
});

test.skipIf(REDIS_MISSING !== undefined)(
  'shares swarms through Redis with two others, of which one is killed under load',
  { timeout: 60_000 },
  async () => {
    const redis = await RedisServer.start();
    onTestFinished(() => redis.stop());
    const trackers = [1, 2, 3].map(() =>
      run('--store', redis.url, '--interval', String(INTERVAL_S)),
    );
    let addresses = await Promise.all(trackers.map(async (each) => (await ready(each)).http));
    const clients = TORRENTS.flatMap((torrent) =>
      Array.from({ length: PEERS_PER_TORRENT }, (_, peer) => ({
        torrent,
        port: 1_000 * torrent + peer,
      })),
    );
    let turn = 0;
    /** As clients behind a balancer: a tracker that is gone is not asked again. */
    const announceAll = () =>
      Promise.all(
        clients.map(async (client) => {
          const address = addresses[turn++ % addresses.length]!;
          try {
            return { client, answer: await announce(address, client) };
          } catch {
            addresses = addresses.filter((other) => other !== address);
            return undefined;
          }
        }),
      );
    const check = (answers: Awaited<ReturnType<typeof announceAll>>): boolean => {
      for (const { client, answer } of answers.flatMap((each) => each ?? [])) {
        expect(answer.seederCount).toBe(0);
        expect(answer.leecherCount).toBeGreaterThan(0);
        expect(answer.leecherCount).toBeLessThanOrEqual(PEERS_PER_TORRENT);
        const ports = answer.peers.map(({ port }) => port);
        expect(new Set(ports).size).toBe(ports.length);
        expect(ports).not.toContain(client.port);
        for (const port of ports) expect(Math.floor(port / 1_000)).toBe(client.torrent);
      }
      return answers.every((each) => each?.answer.leecherCount === PEERS_PER_TORRENT);
    };
    await expect.poll(async () => check(await announceAll()), { timeout: 15_000 }).toBe(true);
    const load = announceAll();
    trackers[1]!.kill('SIGKILL');
    check(await load);
    const killedMs = performance.now();
    await expect.poll(async () => check(await announceAll()), { timeout: 15_000 }).toBe(true);
    expect(performance.now() - killedMs).toBeLessThan(1_000 * INTERVAL_S);
    expect(addresses).toHaveLength(2);

    // A newcomer takes the place of the one that was killed, and knows everything at once.
    const newcomer = await ready(run('--store', redis.url, '--interval', String(INTERVAL_S)));
    check([{ client: clients[0]!, answer: await announce(newcomer.http, clients[0]!) }]);

    trackers[0]!.kill('SIGTERM');
    expect(await trackers[0]!.exitCode).toBe(0);
    expect(eventsOf(trackers[0]!).at(-1)).toMatchObject({
      event: 'stopped',
      sharing: { isReachable: true, failureCount: 0 },
    });
  },
);

test.skipIf(REDIS_MISSING !== undefined)(
  'brings browsers of two trackers with workers together through Redis',
  { timeout: 60_000 },
  async () => {
    const redis = await RedisServer.start();
    onTestFinished(() => redis.stop());
    const args = ['--store', redis.url, '--ws', '127.0.0.1:0'];
    const trackers = await Promise.all([
      ready(run(...args, '--workers', '2')),
      ready(run(...args)),
    ]);
    const browsers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((index) => openBrowser(trackers[index % 2]!.ws, index)),
    );
    for (const browser of browsers) browser.announce([]);
    for (const { http } of trackers)
      await expect
        .poll(async () => (await announce(http, { torrent: 1, port: 1 })).leecherCount, {
          timeout: 10_000,
        })
        .toBe(browsers.length + 1);
    browsers[0]!.announce(['1', '2', '3', '4', '5']);
    await expect.poll(() => browsers[0]!.answerCount, { timeout: 10_000 }).toBe(5);
  },
);

test('answers without the Redis that it was given, and says so in log and metrics', async () => {
  const tracker = run('--store', 'redis://ann:secret-word@127.0.0.1:1', '--admin', '0');
  const { http, admin } = await ready(tracker);
  const metrics = await (await fetch(`http://${admin}/metrics`)).text();
  expect(metrics).toMatch(/^shoal_tracker_sharing_up 0$/m);
  expect(metrics).toMatch(/^shoal_tracker_sharing_failures_total [1-9]/m);
  expect(await announce(http, { torrent: 1, port: 1 })).toMatchObject({ leecherCount: 1 });
  expect(tracker.stderr()).toMatch(/swarms are not shared for now/);
  expect(tracker.stderr()).not.toMatch(/secret-word/);
});

test.each([
  [['--store', 'redis:/x'], 28],
  [['--store', 'mysql://a'], 28],
  [['--workers', '0'], 28],
  [['--snapshot', import.meta.filename], 28],
])('refuses %j', async (args, exitCode) => {
  expect(await run(...args).exitCode).toBe(exitCode);
});
