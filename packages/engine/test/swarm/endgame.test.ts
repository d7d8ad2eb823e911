import { expect, test } from 'vitest';
import { type Fake, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
const BLOCK_LENGTH = 16 * KIB;
const LENGTH = 2048 * KIB;

test('the last blocks do not wait for the slowest peers, and few come twice', async () => {
  await using stage = await SwarmStage.open({
    files: [{ path: 'file.bin', length: LENGTH }],
    pieceLength: 128 * KIB,
    trackers: [],
  });
  const rates = [200, 200, 100, 5, 3, 2].map((rate) => rate * KIB);
  const peers = [];
  for (const [at, rate] of rates.entries()) {
    const fake = await stage.fake(at + 1);
    fake.host.bandwidth.upBytesPerS = rate;
    peers.push(fake);
  }
  const leecher = await stage.leech(1, { peers: peers.map(({ address }) => address) });
  const tookMs = await stage.untilComplete([leecher], 60_000);
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  expect(tookMs).toBeLessThan(2 * (LENGTH / total) * 1_000);
  const { downloaded, wasted } = stage.torrent(leecher).getDetail();
  // Each of the three slow ones was asked for eight before its rate was known.
  expect(wasted).toBeLessThanOrEqual(3 * 8 * BLOCK_LENGTH);
  expect(downloaded - wasted).toBe(LENGTH);
});

test('when all is there nobody is asked for anything, and late copies do no harm', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const peers: Fake[] = [];
  for (const n of [1, 2, 3]) {
    const fake = await stage.fake(n);
    fake.host.bandwidth.upBytesPerS = 100 * KIB * n;
    peers.push(fake);
  }
  const leecher = await stage.leech(1, { peers: peers.map(({ address }) => address) });
  await stage.untilComplete([leecher], 60_000);
  const requestCount = (): number =>
    peers
      .flatMap(({ peer }) => peer.connections)
      .flatMap(({ received }) => received)
      .filter(({ type }) => type === 'request').length;
  const asked = requestCount();
  await stage.clock.advance(60_000);
  expect(requestCount()).toBe(asked);
  expect(leecher.has('hash-failed')).toBe(false);
  expect(await stage.isExact(leecher)).toBe(true);
});
