import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimiter } from '../../src/transfer/rate-limiter.ts';

const KIB = 1024;
const BLOCK = 16 * KIB;

/** What `rate` may let through at once. */
function burstOf(bytesPerS: number): number {
  return Math.max(bytesPerS / 4, BLOCK);
}

/** Takes blocks as fast as it can from `fromMs` to `untilMs`, asking every 10 ms. */
function drain(limiter: RateLimiter, fromMs: number, untilMs: number): number {
  let granted = 0;
  for (let nowMs = fromMs; nowMs < untilMs; nowMs += 10)
    for (let got = BLOCK; got === BLOCK; granted += got) got = limiter.take(BLOCK, nowMs);
  return granted;
}

test('never grants more than rate * time + burst in any window', () => {
  const asks = fc.array(
    fc.record({ wanted: fc.nat(200 * KIB), waitMs: fc.nat(500), back: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 22 }), asks, (bytesPerS, list) => {
      const limiter = new RateLimiter({ bytesPerS });
      const grants: { atMs: number; bytes: number }[] = [];
      let nowMs = 0;
      for (const { wanted, waitMs, back } of list) {
        nowMs += waitMs;
        const granted = limiter.take(wanted, nowMs);
        expect(granted).toBeGreaterThanOrEqual(0);
        expect(granted).toBeLessThanOrEqual(wanted);
        expect(Number.isInteger(granted)).toBe(true);
        const kept = back ? granted >> 1 : granted;
        limiter.giveBack(granted - kept, nowMs);
        grants.push({ atMs: nowMs, bytes: kept });
      }
      for (const [first, { atMs }] of grants.entries()) {
        let sum = 0;
        for (const grant of grants.slice(first)) {
          sum += grant.bytes;
          const allowed = (bytesPerS * (grant.atMs - atMs)) / 1000 + burstOf(bytesPerS);
          expect(sum).toBeLessThanOrEqual(allowed + 1e-6);
        }
      }
    }),
  );
});

test('a chain keeps the limit of each of its links', () => {
  const steps = fc.array(fc.tuple(fc.nat(2), fc.nat(100 * KIB), fc.nat(200)), { maxLength: 80 });
  const rate = fc.integer({ min: 1000, max: 1_000_000 });
  fc.assert(
    fc.property(rate, rate, steps, (globalRate, ownRate, list) => {
      const parent = new RateLimiter({ bytesPerS: globalRate });
      const limited = new RateLimiter({ bytesPerS: ownRate, parent });
      const children = [limited, new RateLimiter({ bytesPerS: undefined, parent }), parent];
      const sums = [0, 0, 0];
      let nowMs = 0;
      for (const [which, wanted, waitMs] of list) {
        nowMs += waitMs;
        sums[which]! += children[which]!.take(wanted, nowMs);
      }
      const allowed = (bytesPerS: number): number =>
        (bytesPerS * nowMs) / 1000 + burstOf(bytesPerS) + 1e-6;
      expect(sums[0]).toBeLessThanOrEqual(allowed(ownRate));
      expect(sums[0]! + sums[1]! + sums[2]!).toBeLessThanOrEqual(allowed(globalRate));
    }),
  );
});

test('what is owed is paid back before anything more is granted', () => {
  const parent = new RateLimiter({ bytesPerS: 100 * KIB });
  const limiter = new RateLimiter({ bytesPerS: undefined, parent });
  limiter.owe(125 * KIB, 0);
  expect(limiter.take(BLOCK, 1_000)).toBe(0);
  expect(limiter.take(BLOCK, 1_160)).toBe(BLOCK);
});

test('of what is owed ten seconds of the rate are paid back, and no more', () => {
  const parent = new RateLimiter({ bytesPerS: 100 * KIB });
  const limiter = new RateLimiter({ bytesPerS: 200 * KIB, parent });
  for (let n = 0; n < 10_000; n++) limiter.owe(BLOCK, 0);
  expect(limiter.take(BLOCK, 10_000)).toBe(0);
  expect(limiter.take(BLOCK, 10_160)).toBe(BLOCK);
  // A low limit pays for a few blocks all the same.
  const low = new RateLimiter({ bytesPerS: KIB });
  for (let n = 0; n < 10_000; n++) low.owe(BLOCK, 0);
  expect(low.take(1, 64_000)).toBe(0);
  expect(low.take(1, 64_001)).toBe(1);
});

test('what was borrowed is owed whole, and is no less for what is owed besides', () => {
  const limiter = new RateLimiter({ bytesPerS: KIB });
  limiter.borrow(128 * KIB, 0);
  limiter.owe(BLOCK, 0);
  expect(limiter.take(1, 112_000)).toBe(0);
  expect(limiter.take(1, 112_001)).toBe(1);
});

test('the lowest limit of a chain is that of its tightest link', () => {
  const parent = new RateLimiter({ bytesPerS: undefined });
  const limiter = new RateLimiter({ bytesPerS: 500, parent });
  expect(limiter.lowestBytesPerS).toBe(500);
  parent.setRate(100);
  expect(limiter.lowestBytesPerS).toBe(100);
  limiter.setRate(undefined);
  parent.setRate(undefined);
  expect(limiter.lowestBytesPerS).toBe(Number.POSITIVE_INFINITY);
});

test.each([1, 16, 300, 10_000])('whoever always asks gets the rate of %i KiB/s', (kib) => {
  const limiter = new RateLimiter({ bytesPerS: kib * KIB });
  limiter.take(burstOf(kib * KIB), 0);
  expect(drain(limiter, 0, 60_000) / (60 * kib * KIB)).toBeCloseTo(1, 2);
});

test('a limit of 1 KiB/s grants a whole block every 16 seconds', () => {
  const limiter = new RateLimiter({ bytesPerS: KIB });
  expect(limiter.take(BLOCK, 0)).toBe(BLOCK);
  expect(limiter.take(BLOCK, 8000)).toBe(BLOCK / 2);
  limiter.giveBack(BLOCK / 2, 8000);
  expect(limiter.take(BLOCK, 16_000)).toBe(BLOCK);
});

test('a rest saves up one burst and not more', () => {
  const limiter = new RateLimiter({ bytesPerS: 1000 * KIB });
  drain(limiter, 0, 1000);
  expect(limiter.take(10_000 * KIB, 3_600_000)).toBe(250 * KIB);
});

test('a change holds at once, in both directions', () => {
  const limiter = new RateLimiter({ bytesPerS: 1000 * KIB });
  drain(limiter, 0, 10_000);
  limiter.setRate(100 * KIB);
  expect(drain(limiter, 10_000, 20_000)).toBeLessThanOrEqual(1000 * KIB + burstOf(100 * KIB));
  limiter.setRate(2000 * KIB);
  const faster = drain(limiter, 20_000, 30_000);
  expect(faster).toBeGreaterThan(19_900 * KIB);
  expect(faster).toBeLessThanOrEqual(20_000 * KIB + burstOf(2000 * KIB));
});

test('a lower limit takes away what was saved up under the higher one', () => {
  const limiter = new RateLimiter({ bytesPerS: 100_000 * KIB });
  limiter.setRate(KIB);
  expect(limiter.take(1000 * KIB, 0)).toBe(BLOCK);
});

test('a block longer than the burst goes out whole, and what it owes is paid back before the next', () => {
  const limiter = new RateLimiter({ bytesPerS: 16 * KIB });
  expect(limiter.borrow(8 * BLOCK, 0)).toBe(true);
  expect(limiter.take(BLOCK, 6900)).toBe(0);
  expect(limiter.borrow(BLOCK, 7900)).toBe(false);
  expect(limiter.borrow(BLOCK, 8000)).toBe(true);
  expect(limiter.borrow(1, 8000)).toBe(false);
});

test('whoever borrows gets the rate, and no more over time', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 8 * BLOCK }), {
    minLength: 50,
    maxLength: 50,
  });
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 2 ** 22 }), lengths, (bytesPerS, list) => {
      const limiter = new RateLimiter({ bytesPerS });
      let sum = 0;
      let nowMs = 0;
      for (const length of list) {
        for (; !limiter.borrow(length, nowMs); nowMs += 10);
        sum += length;
      }
      const most = (bytesPerS * nowMs) / 1000 + burstOf(bytesPerS) + 7 * BLOCK;
      expect(sum).toBeLessThanOrEqual(most);
      // Each turn may begin up to 10 ms late.
      expect(sum).toBeGreaterThanOrEqual((bytesPerS * (nowMs - 10 * list.length)) / 1000);
    }),
  );
});

test('a limit may be taken away and set again', () => {
  const limiter = new RateLimiter({ bytesPerS: undefined });
  expect(limiter.isUnlimited).toBe(true);
  expect(limiter.take(10 ** 12, 0)).toBe(10 ** 12);
  limiter.setRate(KIB);
  expect([limiter.isUnlimited, limiter.bytesPerS]).toEqual([false, KIB]);
  expect(limiter.take(10 ** 12, 0)).toBe(BLOCK);
  expect(limiter.take(10 ** 12, 0)).toBe(0);
  limiter.setRate(undefined);
  expect(limiter.take(10 ** 12, 0)).toBe(10 ** 12);
});

test('a limit of 0 lets one burst through at most', () => {
  const limiter = new RateLimiter({ bytesPerS: 0 });
  expect(drain(limiter, 0, 100_000)).toBe(BLOCK);
});

test('unlimited means that no link of the chain has a limit', () => {
  const parent = new RateLimiter({ bytesPerS: undefined });
  const child = new RateLimiter({ bytesPerS: undefined, parent });
  expect(child.isUnlimited).toBe(true);
  parent.setRate(1);
  expect(child.isUnlimited).toBe(false);
  expect(child.bytesPerS).toBeUndefined();
});

test('what is given back can be taken again, in the whole chain', () => {
  const parent = new RateLimiter({ bytesPerS: 64 * KIB });
  const child = new RateLimiter({ bytesPerS: 64 * KIB, parent });
  expect(child.take(BLOCK, 0)).toBe(BLOCK);
  expect(parent.take(BLOCK, 0)).toBe(0);
  child.giveBack(BLOCK, 0);
  expect(parent.take(1, 0)).toBe(1);
  expect(child.take(BLOCK, 0)).toBe(BLOCK - 1);
});

test('what is given back late is lost neither to a full burst nor to the time until then', () => {
  const parent = new RateLimiter({ bytesPerS: 64 * KIB });
  const limiter = new RateLimiter({ bytesPerS: undefined, parent });
  expect(limiter.take(10 * BLOCK, 0)).toBe(BLOCK);
  limiter.giveBack(BLOCK, 60_000);
  expect(limiter.take(10 * BLOCK, 60_000)).toBe(2 * BLOCK);
  expect(limiter.take(10 * BLOCK, 60_000)).toBe(0);
  // Time alone saves up no more than the burst.
  limiter.giveBack(2 * BLOCK, 60_000);
  expect(limiter.take(10 * BLOCK, 120_000)).toBe(2 * BLOCK);
});

test('a clock that goes back grants nothing twice', () => {
  const limiter = new RateLimiter({ bytesPerS: 1000 });
  limiter.take(BLOCK, 10_000);
  expect(limiter.take(BLOCK, 5000)).toBe(0);
  expect(limiter.take(BLOCK, 11_000)).toBe(1000);
});
