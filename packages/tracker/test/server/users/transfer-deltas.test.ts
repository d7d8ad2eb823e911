import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TransferNews } from '../../../src/server/admission/membership.ts';
import { TransferDeltas } from '../../../src/server/users/transfer-deltas.ts';

const infoHash = Int32Array.of(1, 2, 3, 4, 5);

function news(nowMs: number, uploaded: number, changes: Partial<TransferNews> = {}): TransferNews {
  return {
    infoHash,
    peerId: 'a',
    key: 0,
    isStarted: false,
    isStopped: false,
    uploaded,
    downloaded: 0,
    nowMs,
    ...changes,
  };
}

function newDeltas(maxCount?: number): TransferDeltas {
  return new TransferDeltas({
    lifetimeMs: 10_000,
    maxBytesPerS: 1_000,
    ...(maxCount && { maxCount }),
  });
}

test('credits the difference to the report before, each way', () => {
  const deltas = newDeltas();
  expect(deltas.take(1, news(0, 500, { downloaded: 70 }))).toBeUndefined();
  expect(deltas.take(1, news(1_000, 600, { downloaded: 170 }))).toEqual({
    uploaded: 100,
    downloaded: 100,
    isClipped: false,
  });
  expect(deltas.take(1, news(2_000, 600, { downloaded: 170 }))).toBeUndefined();
});

test('credits what was moved until the client stopped, and nothing after that', () => {
  const deltas = newDeltas();
  deltas.take(1, news(0, 0, { isStarted: true }));
  expect(deltas.take(1, news(1_000, 9, { isStopped: true }))).toMatchObject({ uploaded: 9 });
  expect(deltas.take(1, news(2_000, 20))).toBeUndefined();
  expect(deltas.take(1, news(3_000, 25))).toMatchObject({ uploaded: 5 });
});

test('cuts a claim at what a line carries in the time, and does not credit the rest later', () => {
  const deltas = newDeltas();
  deltas.take(1, news(0, 0));
  expect(deltas.take(1, news(2_000, 1e15))).toEqual({
    uploaded: 2_000,
    downloaded: 0,
    isClipped: true,
  });
  expect(deltas.take(1, news(9_000, 1e15 + 1))).toMatchObject({ uploaded: 1, isClipped: false });
});

test('a report below the one before, or with started, is a new beginning', () => {
  const deltas = newDeltas();
  deltas.take(1, news(0, 1_000));
  expect(deltas.take(1, news(1_000, 10))).toBeUndefined();
  expect(deltas.take(1, news(2_000, 15))).toMatchObject({ uploaded: 5 });
  expect(deltas.take(1, news(3_000, 100, { isStarted: true }))).toBeUndefined();
  expect(deltas.take(1, news(4_000, 101))).toMatchObject({ uploaded: 1 });
});

test('goes on from the report that a client brings back, unless it knows a later one', () => {
  const before = { uploaded: 100, downloaded: 5, heardMs: 1_000 };
  const deltas = newDeltas();
  expect(deltas.take(1, news(2_000, 150, { downloaded: 7, before }))).toEqual({
    uploaded: 50,
    downloaded: 2,
    isClipped: false,
  });
  expect(deltas.take(1, news(3_000, 160, { downloaded: 7, before }))).toMatchObject({
    uploaded: 10,
  });
  const isStarted = newDeltas().take(1, news(2_000, 150, { before, isStarted: true }));
  expect(isStarted).toBeUndefined();
});

test('nobody goes on from what he has brought to an end', () => {
  const deltas = newDeltas();
  const before = { uploaded: 0, downloaded: 0, heardMs: 1_000 };
  let credited = 0;
  for (let nowMs = 5_000; nowMs < 9_000; nowMs += 100)
    credited += deltas.take(1, news(nowMs, 400, { before, isStopped: true }))?.uploaded ?? 0;
  expect(credited).toBe(400);
});

test('two clients with one peer id are not credited what the other has moved', () => {
  const deltas = newDeltas();
  let credited = 0;
  for (let round = 0; round < 10; round++) {
    const nowMs = 2_000 * round;
    for (const [key, uploaded] of [
      [1, 900 + round],
      [2, 10 + round],
    ] as const)
      credited += deltas.take(1, news(nowMs, uploaded, { key }))?.uploaded ?? 0;
  }
  expect(credited).toBe(9);
});

test('one client is credited once over HTTP and UDP, whatever keys it sends with them', () => {
  const deltas = newDeltas();
  let credited = 0;
  for (let round = 0; round < 10; round++)
    for (const key of [1, 2])
      credited += deltas.take(1, news(1_000 * round, 20 * round, { key }))?.uploaded ?? 0;
  expect(credited).toBe(180);
});

test('keeps users, torrents and clients apart', () => {
  const deltas = newDeltas();
  deltas.take(1, news(0, 100));
  expect(deltas.take(2, news(1_000, 200))).toBeUndefined();
  expect(deltas.take(1, news(1_000, 200, { peerId: 'b' }))).toBeUndefined();
  expect(deltas.take(1, news(1_000, 200, { infoHash: new Int32Array(5) }))).toBeUndefined();
  expect(deltas.take(1, news(1_000, 101))).toMatchObject({ uploaded: 1 });
});

test('keeps a report for its lifetime, and forgets it after twice as long', () => {
  const deltas = newDeltas();
  deltas.take(9, news(0, 0));
  deltas.take(1, news(9_999, 0));
  deltas.take(2, news(10_000, 0));
  expect(deltas.take(1, news(19_999, 1))).toMatchObject({ uploaded: 1 });
  deltas.take(2, news(20_000, 0));
  deltas.take(2, news(30_000, 0));
  expect(deltas.size).toBe(1);
});

test('the older half makes room when there are too many', () => {
  const deltas = newDeltas(4);
  for (let member = 0; member < 4; member++) deltas.take(member, news(member, 0));
  deltas.take(0, news(1_000, 0));
  for (let member = 4; member < 100; member++) {
    deltas.take(member, news(1_000, 0));
    expect(deltas.size).toBeLessThanOrEqual(5);
  }
  expect(deltas.take(99, news(2_000, 7))).toMatchObject({ uploaded: 7 });
  expect(deltas.take(1, news(2_000, 7))).toBeUndefined();
});

test('whatever a client says, it is credited no more than its line carries', () => {
  const report = fc.record({
    stepMs: fc.nat(5_000),
    uploaded: fc.maxSafeNat(),
    isStarted: fc.boolean(),
    isStopped: fc.boolean(),
    key: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(report), (reports) => {
      const deltas = newDeltas();
      let nowMs = 0;
      let credited = 0;
      for (const { stepMs, ...rest } of reports) {
        nowMs += stepMs;
        credited += deltas.take(1, news(nowMs, rest.uploaded, rest))?.uploaded ?? 0;
      }
      expect(credited).toBeLessThanOrEqual(nowMs);
    }),
  );
});
