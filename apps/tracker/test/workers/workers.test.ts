import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { createTrackerTransport } from '@shoal/tracker/client';
import { hexToInfoHash, toPeerId } from '@shoal/units';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/adapters.ts';
import { announce } from '../announcer.ts';
import { openBrowser } from '../browser.ts';
import { eventsOf, type Run, ready, startTracker, workersOf } from '../tracker-process.ts';

const HERE = ['--http', '127.0.0.1:0', '--udp', '127.0.0.1:0', '--json', '--workers', '2'];
const PEER_COUNT = 40;
/** So many that all of one worker would be luck: once in 500 times. */
const BROWSER_COUNT = 10;

function run(...args: string[]): Run {
  return startTracker([...HERE, ...args]);
}

/** All announce once. @returns how many leechers each was told of */
async function announceAll(http: string): Promise<(number | undefined)[]> {
  const clients = Array.from({ length: PEER_COUNT }, (_, peer) => ({ torrent: 1, port: 1 + peer }));
  const answers = await Promise.allSettled(clients.map((client) => announce(http, client)));
  return answers.map((each) => (each.status === 'fulfilled' ? each.value.leecherCount : undefined));
}

const everyone = Array.from({ length: PEER_COUNT }, () => PEER_COUNT);

test('answers from every worker as one tracker, and counts as one', async () => {
  const tracker = run();
  const { http, udp } = await ready(tracker);
  await expect.poll(() => announceAll(http), { timeout: 10_000 }).toEqual(everyone);
  const transport = createTrackerTransport({
    userAgent: 'test',
    clock: systemClock,
    random: systemRandom,
  });
  onTestFinished(() => transport.close());
  const answer = await transport.announce(
    `udp://${udp}`,
    {
      infoHash: hexToInfoHash('01'.repeat(20))!,
      peerId: toPeerId(new Uint8Array(20))!,
      ...{ port: 500, uploaded: 0, downloaded: 0, left: 0, numWant: 100, key: 1 },
    },
    new AbortController().signal,
  );
  expect(answer).toMatchObject({ seederCount: 1, leecherCount: PEER_COUNT });
  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
  const stopped = eventsOf(tracker).at(-1) as { http: { announces: number }; peerCount: number };
  expect(stopped.peerCount).toBe(PEER_COUNT + 1);
  expect(stopped.http.announces % PEER_COUNT).toBe(0);
  expect(stopped.http.announces).toBeGreaterThanOrEqual(PEER_COUNT);
});

test('brings browsers of different workers together, and counts them with all others', async () => {
  const tracker = run('--ws', '127.0.0.1:0', '--admin', '0');
  const { http, ws, admin } = await ready(tracker);
  const browsers = await Promise.all(
    Array.from({ length: BROWSER_COUNT }, (_, index) => openBrowser(ws, index)),
  );
  for (const browser of browsers) browser.announce([]);
  const counted = async (): Promise<number | undefined> =>
    (await announce(http, { torrent: 1, port: 1 })).leecherCount;
  // Whichever worker answers knows all of them.
  await expect
    .poll(() => Promise.all(everyone.map(counted)), { timeout: 10_000 })
    .toEqual(everyone.map(() => BROWSER_COUNT + 1));
  // So does their parent, soon.
  const find = async (): Promise<unknown> =>
    (await fetch(`http://${admin}/torrent.json?infohash=${'01'.repeat(20)}`)).json();
  await expect.poll(find).toMatchObject({ leecherCount: BROWSER_COUNT + 1 });
  // Ten offers for nine others: each gets one, wherever it is connected, and answers.
  const [asker, ...others] = browsers;
  asker!.announce(Array.from({ length: 10 }, (_, index) => `offer ${index}`));
  await expect.poll(() => asker!.answerCount, { timeout: 10_000 }).toBe(others.length);
  for (const browser of browsers) browser.socket.close();
  await expect.poll(counted, { timeout: 10_000 }).toBe(1);
  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
  const stopped = eventsOf(tracker).at(-1) as { ws: Record<string, number> };
  expect(stopped.ws).toMatchObject({ announces: BROWSER_COUNT + 1, relays: 2 * others.length });
});

test('replaces a worker that is killed; the others go on, and nobody is forgotten', async () => {
  const tracker = run('--admin', '0');
  const { http, admin } = await ready(tracker);
  await expect.poll(() => announceAll(http), { timeout: 10_000 }).toEqual(everyone);
  const [killed] = workersOf(tracker);
  const load = announceAll(http);
  process.kill(killed!, 'SIGKILL');
  for (const leecherCount of await load) expect([PEER_COUNT, undefined]).toContain(leecherCount);
  await expect.poll(() => announceAll(http)).toEqual(everyone);
  await expect
    .poll(() => workersOf(tracker).filter((pid) => pid !== killed), { timeout: 10_000 })
    .toHaveLength(2);
  await expect.poll(() => announceAll(http)).toEqual(everyone);
  expect(tracker.stderr()).toMatch(/a worker ended and is replaced/);
  const read = async (path: string): Promise<string> =>
    (await fetch(`http://${admin}${path}`)).text();
  expect(await read('/metrics')).toMatch(/answer_seconds_count\{transport="http"\} \d{2,}/);
  await expect
    .poll(() => read('/metrics'), { timeout: 10_000 })
    .toMatch(/worker_resident_memory_bytes\{worker="2"\} \d{7}/);
  expect(await read('/metrics')).toContain('\nshoal_tracker_worker_restarts_total 1\n');
  await expect
    .poll(() => read('/stats.json'), { timeout: 10_000 })
    .toMatch(/"worker":0,.*"worker":1,.*"worker":2,/);
});

test('keeps the swarms of its workers in one snapshot', async () => {
  await using folder = await temporaryFolder();
  const args = ['--snapshot', join(folder.path, 'swarms')];
  const before = run(...args);
  await announceAll((await ready(before)).http);
  before.kill('SIGTERM');
  expect(await before.exitCode).toBe(0);
  const after = run(...args);
  const answer = await announce((await ready(after)).http, { torrent: 1, port: 60_000 });
  expect(answer.leecherCount).toBe(PEER_COUNT + 1);
  await after.end();
});

test('reads its lists again in every worker', async () => {
  await using folder = await temporaryFolder();
  const deny = join(folder.path, 'deny');
  await writeFile(deny, '');
  const tracker = run('--deny', deny);
  const { http } = await ready(tracker);
  expect(await announceAll(http)).not.toContain(undefined);
  await writeFile(deny, '01'.repeat(20));
  tracker.kill('SIGHUP');
  await expect.poll(tracker.stdout).toMatch(/"reloaded"/);
  const nobody = everyone.map(() => undefined);
  await expect.poll(() => announceAll(http)).toEqual(nobody);
  await tracker.end();
});

test('replaces workers while its lists and its configuration cannot be read', async () => {
  await using folder = await temporaryFolder();
  const [allow, config] = [join(folder.path, 'allow'), join(folder.path, 'tracker.toml')];
  await writeFile(allow, '02'.repeat(20));
  await writeFile(config, 'allow = "allow"\ninterval = 700\n');
  const tracker = run('--config', config);
  const { http } = await ready(tracker);
  await writeFile(allow, '01'.repeat(20));
  tracker.kill('SIGHUP');
  await expect.poll(tracker.stdout).toMatch(/"reloaded"/);
  await rm(allow);
  await writeFile(config, 'nonsense');
  const before = workersOf(tracker);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await expect.poll(() => announceAll(http), { timeout: 10_000 }).toEqual(everyone);
  expect(workersOf(tracker).filter((pid) => before.includes(pid))).toEqual([]);
  await expect(announce(http, { torrent: 2, port: 1 })).rejects.toThrow('not tracked');
  expect(tracker.stderr()).not.toMatch(/exit code/);
  await tracker.end();
});

test('leaves no worker behind when it is killed itself', async () => {
  const tracker = run();
  await ready(tracker);
  const workers = workersOf(tracker);
  expect(workers).toHaveLength(2);
  await tracker.end();
  const living = (): number[] => workers.filter((pid) => isAlive(pid));
  await expect.poll(living, { timeout: 10_000 }).toEqual([]);
});

test('says that the port is taken, although workers could share it', async () => {
  const first = run();
  const { http } = await ready(first);
  const second = startTracker(['--http', http, '--udp', 'off', '--workers', '2']);
  expect(await second.exitCode).toBe(1);
  expect(second.stderr()).toMatch(/is taken/);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
