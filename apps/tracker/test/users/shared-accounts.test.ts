/** Accounts of private mode when several processes hear one client by turns. */
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { hashPasskey, newPasskey, UserDatabase } from '@shoal/tracker/server';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  REDIS_MISSING,
  RedisServer,
} from '../../../../packages/tracker/test/server/redis/redis-server.ts';
import { systemRandom } from '../../src/adapters.ts';
import { announce } from '../announcer.ts';
import { type Run, ready, startTracker, workersOf } from '../tracker-process.ts';

const HERE = ['--http', '127.0.0.1:0', '--udp', 'off', '--json'];
const CLIENT_COUNT = 25;
const ROUND_COUNT = 12;
const BYTES_A_ROUND = 1_000;

const passkey = newPasskey(systemRandom);
let db: string;
let users: UserDatabase;

beforeEach(async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  db = join(folder.path, 'users.db');
  users = UserDatabase.open(db, 5_000);
  onTestFinished(() => users.close());
  users.add('ann', hashPasskey(passkey), 0);
});

function run(...args: string[]): Run {
  return startTracker([...HERE, ...args]);
}

/** Clients whose counts grow with each round, and that ask somebody else when nobody answers. */
class Load {
  #addresses: readonly string[] = [];
  #turn = 0;
  #round = 0;

  constructor(addresses: readonly string[]) {
    this.moveTo(addresses);
  }

  moveTo(addresses: readonly string[]): void {
    this.#addresses = addresses.map((address) => `${address}/${passkey}`);
  }

  /** All that the clients say they have moved. */
  get total(): number {
    return CLIENT_COUNT * BYTES_A_ROUND * (this.#round - 1);
  }

  /** The first reports of all are known: what is counted from. */
  async begin(): Promise<void> {
    await this.announceAll();
    await expect.poll(sessionCount, { timeout: 5_000 }).toBe(CLIENT_COUNT);
  }

  /** All announce once. */
  async announceAll(): Promise<void> {
    const uploaded = BYTES_A_ROUND * this.#round++;
    await Promise.all(
      Array.from({ length: CLIENT_COUNT }, (_, index) =>
        this.#announce({ torrent: 1 + (index % 3), port: 1 + index, uploaded }),
      ),
    );
  }

  async #announce(client: Parameters<typeof announce>[1]): Promise<void> {
    for (;;) {
      const address = this.#addresses[this.#turn++ % this.#addresses.length]!;
      const isAnswered = await announce(address, client).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && 'syscall' in error) return false;
          throw error;
        },
      );
      if (isAnswered) return;
    }
  }
}

function sessionCount(): number {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(db, { timeout: 5_000 });
  const row = database.prepare('SELECT count(*) AS count FROM session').get();
  database.close();
  return Number(row!.count);
}

const uploaded = (): number => users.list().find(({ name }) => name === 'ann')!.uploaded;

/** @returns whether any of many announces, and all of them, are let in */
async function areLetIn(addresses: readonly string[], key: string): Promise<boolean[]> {
  const tries = Array.from({ length: 16 }, (_, index) => addresses[index % addresses.length]!);
  const answers = await Promise.allSettled(
    tries.map((address) => announce(`${address}/${key}`, { torrent: 9, port: 9 })),
  );
  return [...new Set(answers.map(({ status }) => status === 'fulfilled'))];
}

/** A user is added and disabled while they run. */
async function checkMembers(addresses: readonly string[]): Promise<void> {
  const key = newPasskey(systemRandom);
  expect(await areLetIn(addresses, key)).toEqual([false]);
  users.add('bob', hashPasskey(key), 0);
  await expect.poll(() => areLetIn(addresses, key), { timeout: 6_000 }).toEqual([true]);
  users.setDisabled('bob', true);
  await expect.poll(() => areLetIn(addresses, key), { timeout: 6_000 }).toEqual([false]);
}

test('adds up what workers hear of one client by turns, although one is killed under load', {
  timeout: 60_000,
}, async () => {
  const tracker = run('--workers', '3', '--private', db);
  const { http } = await ready(tracker);
  const load = new Load([http]);
  await load.begin();
  for (let round = 0; round < ROUND_COUNT; round++) {
    const announcing = load.announceAll();
    if (round === ROUND_COUNT / 2) process.kill(workersOf(tracker)[1]!, 'SIGKILL');
    await announcing;
  }
  await expect
    .poll(() => users.list()[0], { timeout: 5_000 })
    .toMatchObject({
      uploaded: load.total,
      clippedCount: 0,
    });
  await checkMembers([http]);
  await load.announceAll();
  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
  expect(uploaded()).toBe(load.total);
});

test('goes on where it was when the whole tracker was killed', { timeout: 60_000 }, async () => {
  const args = ['--workers', '2', '--private', db];
  const before = run(...args);
  const { http } = await ready(before);
  const load = new Load([http]);
  await load.begin();
  for (let round = 0; round < 5; round++) await load.announceAll();
  await expect.poll(uploaded, { timeout: 5_000 }).toBe(load.total);
  for (const pid of [...workersOf(before), before.pid!]) process.kill(pid, 'SIGKILL');
  await before.exitCode;
  load.moveTo([(await ready(run(...args))).http]);
  await load.announceAll();
  await load.announceAll();
  await expect.poll(uploaded, { timeout: 5_000 }).toBe(load.total);
});

test.skipIf(REDIS_MISSING !== undefined)(
  'adds up what trackers that share swarms through Redis hear, although one is killed under load',
  { timeout: 60_000 },
  async () => {
    const redis = await RedisServer.start();
    onTestFinished(() => redis.stop());
    const trackers = [1, 2, 3].map(() => run('--store', redis.url, '--private', db));
    const addresses = await Promise.all(trackers.map(async (each) => (await ready(each)).http));
    const load = new Load(addresses);
    await load.begin();
    for (let round = 0; round < ROUND_COUNT; round++) {
      const announcing = load.announceAll();
      if (round === ROUND_COUNT / 2) trackers[1]!.kill('SIGKILL');
      await announcing;
    }
    await expect.poll(uploaded, { timeout: 5_000 }).toBe(load.total);
    await checkMembers([addresses[0]!, addresses[2]!]);
  },
);
