import { expect, test } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
const LENGTH = 2 * 1024 * KIB;

test('leechers feed each other: all complete soon, and the seeder sends little more than one copy', async () => {
  await using stage = await SwarmStage.open({
    files: [{ path: 'file.bin', length: LENGTH }],
    pieceLength: 32 * KIB,
  });
  const line = { upBytesPerS: 200 * KIB };
  const seeder = await stage.seed(1, {}, line);
  const leechers = [];
  for (const n of [2, 3, 4, 5, 6]) leechers.push(await stage.leech(n, {}, line));
  // The seeder alone would need 51 s for five copies.
  await stage.untilComplete(leechers, 30_000);
  for (const leecher of leechers) {
    expect(await stage.isExact(leecher)).toBe(true);
    expect(stage.torrent(leecher).getSummary().uploaded).toBeGreaterThan(LENGTH / 20);
  }
  const sent = stage.torrent(seeder).getSummary().uploaded;
  expect(sent).toBeGreaterThanOrEqual(LENGTH);
  expect(sent).toBeLessThan(2.5 * LENGTH);
});

test('leechers of one slow seeder fetch different pieces of it, and trade them', async () => {
  await using stage = await SwarmStage.open({
    files: [{ path: 'file.bin', length: LENGTH }],
    pieceLength: 16 * KIB,
  });
  const rate = 100 * KIB;
  const seeder = await stage.seed(1, {}, { upBytesPerS: rate });
  const leechers = [];
  const options = { usesPeerExchange: false };
  for (const n of [2, 3, 4, 5])
    leechers.push(await stage.leech(n, options, { upBytesPerS: 3 * rate }));
  // One copy takes the seeder 21 s; four, if nobody traded, 82 s.
  await stage.untilComplete(leechers, 38_000);
  expect(stage.torrent(seeder).getSummary().uploaded).toBeLessThan(1.9 * LENGTH);
});

test('files with padding between them are checked, seeded and fetched', async () => {
  // Several pads in each piece, and in what is read ahead for an upload.
  const lengths = Array.from({ length: 40 }, (_, n) => 3_000 + 37 * n);
  await using stage = await SwarmStage.open({
    files: lengths.flatMap((length, n) => [
      { path: `${n}`, length },
      { path: `.pad/${n}`, length: 8 * KIB - length, isPad: true },
    ]),
    pieceLength: 32 * KIB,
  });
  const seeder = await stage.seed(1);
  const leecher = await stage.leech(2);
  await stage.untilComplete([leecher], 30_000);
  expect(await stage.isExact(leecher)).toBe(true);
  expect(leecher.has('hash-failed')).toBe(false);
  expect(stage.torrent(leecher).getSummary().uploaded).toBe(0);
  expect(seeder.has('peer-banned')).toBe(false);
});

test('both ends tell how much went over a connection that ends', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1);
  const leecher = await stage.leech(2);
  await stage.until(() => seeder.has('peer-left'), 30_000);
  const length = 1024 * KIB;
  expect(leecher.eventsOf('peer-left')).toMatchObject([{ downloaded: length, uploaded: 0 }]);
  expect(seeder.eventsOf('peer-left')).toMatchObject([{ downloaded: 0, uploaded: length }]);
});
