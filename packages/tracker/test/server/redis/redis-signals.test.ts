import { realClock as clock, ManualClock, realRandom as random } from '@shoal/testkit';
import { type Log, silentLog, toInfoHash } from '@shoal/units';
import { expect, onTestFinished, test } from 'vitest';
import { createTrackerServer, type TrackerServer } from '../../../src/server/index.ts';
import { RedisSignals } from '../../../src/server/redis/redis-signals.ts';
import { announce, id, offer, RawClient } from '../websocket/raw-client.ts';
import { REDIS_MISSING, RedisServer } from './redis-server.ts';

const withRedis = test.skipIf(REDIS_MISSING !== undefined);
const infoHash = toInfoHash(new Uint8Array(20).fill(0xe1))!;
const WAIT = { timeout: 8_000 };

async function startRedis(): Promise<RedisServer> {
  const redis = await RedisServer.start();
  onTestFinished(() => redis.stop());
  return redis;
}

async function start(url: string, log: Log = silentLog): Promise<TrackerServer> {
  const server = await createTrackerServer({
    ws: { host: '127.0.0.1', port: 0 },
    ...{ intervalS: 600, clock, random, log },
    signals: new RedisSignals({ url, random, clock, log }),
  });
  onTestFinished(() => server.close());
  return server;
}

async function come(server: TrackerServer, changes: Parameters<typeof announce>[0]) {
  const client = await RawClient.open(server.ws!);
  onTestFinished(() => client.close());
  client.send(announce(changes));
  await expect.poll(() => client.messages.length).toBe(1);
  client.messages.length = 0;
  return client;
}

function seeders(server: TrackerServer): () => number {
  return () => server.find(infoHash)?.seederCount ?? 0;
}

withRedis('brings browsers of two trackers together, and keeps databases apart', async () => {
  const redis = await startRedis();
  const [a, b] = [await start(redis.url), await start(redis.url)];
  const other = await start(redis.url.replace(/1$/, '2'));
  const seeder = await come(a, { left: 0 });
  await expect.poll(seeders(b)).toBe(1);
  expect(seeders(other)()).toBe(0);
  const leecher = await come(b, { peer_id: id(0xb1), offers: [offer('mine')] });
  await expect.poll(() => seeder.messages).toMatchObject([{ offer_id: 'mine' }]);
  const ids = { info_hash: id(0xe1), peer_id: id(0xa1), to_peer_id: id(0xb1), offer_id: 'mine' };
  seeder.send({ action: 'announce', ...ids, answer: { type: 'answer', sdp: 'yes' } });
  await expect.poll(() => leecher.messages).toMatchObject([{ answer: { sdp: 'yes' } }]);
});

withRedis('goes on alone without Redis, and counts all again when there is one', async () => {
  const redis = await startRedis();
  const [a, b] = [await start(redis.url), await start(redis.url)];
  await come(a, { left: 0 });
  await expect.poll(seeders(b)).toBe(1);
  await redis.stop();
  await come(b, { peer_id: id(0xb1), left: 0 });
  await redis.start();
  await expect.poll(() => [seeders(a)(), seeders(b)()], WAIT).toEqual([2, 2]);
  await expect.poll(() => a.stats().peerCount).toBe(2);
});

withRedis('says so when it may not listen', async () => {
  const redis = await startRedis();
  redis.command('ACL', 'SETUSER', 'mute', 'on', '>secret', '+@all', '-subscribe', '~*', '&*');
  const lines: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => lines.push(message) };
  await start(redis.url.replace('//', '//mute:secret@'), log);
  await expect.poll(() => lines).toEqual(['WebSocket peers are not shared']);
});

withRedis('leaves a Redis that hangs within a second', async () => {
  const redis = await startRedis();
  const time = new ManualClock();
  const signals = new RedisSignals({ url: redis.url, random, clock: time, log: silentLog });
  signals.listen({ handleSignal: () => {}, handleGap: () => {} });
  await expect.poll(() => signals.isOpen).toBe(true);
  redis.command('CLIENT', 'PAUSE', '60000');
  signals.send(new Uint8Array(8));
  const closed = signals.close();
  await time.advance(1_000);
  await closed;
  expect(signals.isOpen).toBe(false);
});

test('starts without a Redis to talk to, and ends', async () => {
  const server = await start('redis://127.0.0.1:1');
  await come(server, { left: 0 });
  expect(seeders(server)()).toBe(1);
});
