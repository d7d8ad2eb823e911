import { realClock as clock, realRandom as random } from '@shoal/testkit';
import { type Clock, type Log, silentLog } from '@shoal/units';
import { expect, onTestFinished, test } from 'vitest';
import { SharedSwarmStore } from '../../../src/server/exchange/shared-swarm-store.ts';
import { RedisExchange } from '../../../src/server/redis/redis-exchange.ts';
import { ConnectionIds } from '../../../src/server/udp/connection-ids.ts';
import { announceTo, contentsOf, countsOf } from '../exchange/store-fixtures.ts';
import { REDIS_MISSING, RedisServer } from './redis-server.ts';

const LIFETIME_S = 600;
const withRedis = test.skipIf(REDIS_MISSING !== undefined);

async function startRedis(): Promise<RedisServer> {
  const redis = await RedisServer.start();
  onTestFinished(() => redis.stop());
  return redis;
}

async function join(url: string, log: Log = silentLog, own = clock): Promise<SharedSwarmStore> {
  const exchange = await RedisExchange.open({ url, random, peerLifetimeS: LIFETIME_S });
  const options = { exchange, random, clock: own, log, peerLifetimeS: LIFETIME_S, periodMs: 20 };
  const store = await SharedSwarmStore.open(options);
  onTestFinished(() => store.close());
  return store;
}

function leechers(store: SharedSwarmStore, torrent: number): () => number {
  return () => countsOf(store, torrent).leecherCount;
}

withRedis('tells the others what it hears, and newcomers what all heard', async () => {
  const { url } = await startRedis();
  const [first, second] = [await join(url), await join(url)];
  for (let peer = 0; peer < 3_000; peer++)
    announceTo(peer % 2 === 0 ? first : second, clock.nowMs(), { torrent: peer % 7, peer });
  announceTo(first, clock.nowMs(), { torrent: 1, peer: 70_000, family: 6, isSeeder: true });
  await expect.poll(() => [first.peerCount, second.peerCount]).toEqual([3_001, 3_001]);
  const third = await join(url);
  expect(contentsOf(third.copy)).toEqual(contentsOf(first.copy));
  announceTo(third, clock.nowMs(), { torrent: 1, peer: 1, isStopped: true });
  announceTo(third, clock.nowMs(), { torrent: 1, peer: 8, isSeeder: true });
  await expect.poll(() => contentsOf(first.copy)).toEqual(contentsOf(third.copy));
  expect(contentsOf(second.copy)).toEqual(contentsOf(third.copy));
});

withRedis('fills an emptied Redis again, so that newcomers know everything', async () => {
  const redis = await startRedis();
  const [first, second] = [await join(redis.url), await join(redis.url)];
  for (let peer = 0; peer < 200; peer++) announceTo(first, clock.nowMs(), { torrent: 1, peer });
  await expect.poll(leechers(second, 1)).toBe(200);
  redis.command('FLUSHALL');
  announceTo(second, clock.nowMs(), { torrent: 1, peer: 200 });
  await expect.poll(leechers(first, 1)).toBe(201);
  await expect.poll(() => redis.command('XLEN', '{shoal-tracker}:words').trim()).not.toBe('0');
  await expect.poll(async () => leechers(await join(redis.url), 1)()).toBe(201);
});

withRedis('answers while Redis is gone and catches up when another one is there', async () => {
  const redis = await startRedis();
  const lines: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => lines.push(message) };
  const [first, second] = [await join(redis.url, log), await join(redis.url)];
  announceTo(first, clock.nowMs(), { torrent: 1, peer: 1 });
  await expect.poll(leechers(second, 1)).toBe(1);
  await redis.stop();
  await expect.poll(() => first.status.isReachable).toBe(false);
  for (let peer = 2; peer < 100; peer++)
    expect(announceTo(first, clock.nowMs(), { torrent: 1, peer }).leecherCount).toBe(peer);
  expect(first.status.waitingCount).toBe(98);
  await redis.start();
  await expect.poll(leechers(second, 1), { timeout: 8_000 }).toBe(99);
  expect(first.status).toMatchObject({ isReachable: true, waitingCount: 0 });
  expect(lines).toEqual(['swarms are not shared for now']);
  expect(leechers(await join(redis.url), 1)()).toBe(99);
});

withRedis('starts alone when Redis is not there yet, and joins it later', async () => {
  const redis = await startRedis();
  await redis.stop();
  const store = await join(redis.url);
  expect(announceTo(store, clock.nowMs(), { torrent: 1, peer: 1 }).leecherCount).toBe(1);
  expect(store.status.isReachable).toBe(false);
  await redis.start();
  await expect.poll(() => store.status.waitingCount, { timeout: 8_000 }).toBe(0);
  expect(leechers(await join(redis.url), 1)()).toBe(1);
});

withRedis('keeps nothing in Redis for longer than peers live', async () => {
  const redis = await startRedis();
  const store = await join(redis.url);
  announceTo(store, clock.nowMs(), { torrent: 1, peer: 1 });
  const ttlS = (): number => Number(redis.command('TTL', '{shoal-tracker}:words'));
  await expect.poll(ttlS).toBeGreaterThan(LIFETIME_S);
  expect(ttlS()).toBeLessThanOrEqual(2 * LIFETIME_S);
  const old = String(Date.now() - 1_000 * (LIFETIME_S + 60));
  redis.command('DEL', '{shoal-tracker}:words');
  const fill =
    "for i = 1, 300 do redis.call('XADD', KEYS[1], ARGV[1] .. '-' .. i, 'o', 'x', 'b', 'y') end";
  redis.command('EVAL', fill, '1', '{shoal-tracker}:words', old);
  announceTo(store, clock.nowMs(), { torrent: 1, peer: 2 });
  await expect.poll(() => Number(redis.command('XLEN', '{shoal-tracker}:words'))).toBeLessThan(150);
});

withRedis('holds what it takes in Redis to its limit, and sheds the oldest', async () => {
  const redis = await startRedis();
  const maxByteLength = 200_000;
  const options = { url: redis.url, random, peerLifetimeS: LIFETIME_S, maxByteLength };
  const exchange = await RedisExchange.open(options);
  onTestFinished(() => exchange.close());
  for (let round = 0; round < 200; round++) await exchange.exchange([new Uint8Array(8_192)]);
  const byteLength = Number(redis.command('MEMORY', 'USAGE', '{shoal-tracker}:words'));
  // Between two looks 32 batches come in.
  expect(byteLength).toBeLessThan(maxByteLength + 40 * 9_000);
  expect(byteLength).toBeGreaterThan(maxByteLength / 2);
});

withRedis('has one secret in common, which survives a Redis that forgets everything', async () => {
  const redis = await startRedis();
  const options = { url: redis.url, random, peerLifetimeS: LIFETIME_S };
  const open = async (): Promise<RedisExchange> => {
    const exchange = await RedisExchange.open(options);
    onTestFinished(() => exchange.close());
    return exchange;
  };
  const secretOf = async (exchange: RedisExchange) => (await exchange.exchange([])).secret;
  const [first, second] = [await open(), await open()];
  const secret = await secretOf(first);
  expect(secret).toHaveLength(16);
  expect(await secretOf(second)).toEqual(secret);
  await redis.stop();
  await redis.start();
  // Whoever of the old ones comes first puts it back; a newcomer takes it over.
  await expect
    .poll(() => secretOf(second).catch(() => undefined), { timeout: 8_000 })
    .toEqual(secret);
  expect(await secretOf(await open())).toEqual(secret);
  expect(await secretOf(first)).toEqual(secret);
});

withRedis('takes the UDP connection ids of a tracker whose clock is an hour off', async () => {
  const { url } = await startRedis();
  const ahead: Clock = {
    ...clock,
    nowMs: () => clock.nowMs() + 500_000,
    wallMs: () => clock.wallMs() + 3_600_000,
  };
  const [here, there] = [await join(url), await join(url, silentLog, ahead)];
  const own = new Uint8Array(16);
  const ids = new ConnectionIds(here.sharedKey(own));
  const others = new ConnectionIds(there.sharedKey(own));
  const [ip, id] = [Uint8Array.of(192, 0, 2, 1), new Uint8Array(8)];
  ids.write(ip, 4, clock.nowMs(), id, 0);
  expect(others.verify(ip, 4, ahead.nowMs(), id)).toBe(true);
  expect(others.verify(ip, 4, ahead.nowMs() + 130_000, id)).toBe(false);
});

test.each([
  'http://127.0.0.1',
  'redis://',
  'redis://host/name',
  'redis://host/1/2',
  '127.0.0.1:6379',
  'rediss://:secret@host:port',
])('rejects %s without repeating it', async (url) => {
  const opening = RedisExchange.open({ url, random, peerLifetimeS: LIFETIME_S });
  await expect(opening).rejects.toMatchObject({ code: 'bad-url', name: 'ExchangeError' });
  await expect(opening).rejects.not.toThrow(/secret/);
});
