import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateMeter } from '../../src/transfer/rate-meter.ts';

/** Feeds `bytesPerS` for some seconds, with a tick each second. */
function run(meter: RateMeter, fromS: number, seconds: number, bytesPerS: number): number {
  for (let second = 1; second <= seconds; second++) {
    meter.add(bytesPerS);
    meter.tick((fromS + second) * 1000);
  }
  return fromS + seconds;
}

test('a steady stream shows its rate after the first second', () => {
  const meter = new RateMeter(0);
  run(meter, 0, 1, 5000);
  expect(meter.bytesPerS).toBeCloseTo(5000);
  run(meter, 1, 20, 5000);
  expect(meter.bytesPerS).toBeCloseTo(5000);
  expect(meter.total).toBe(21 * 5000);
});

test('a change is followed within about five seconds', () => {
  const meter = new RateMeter(0);
  const atS = run(meter, 0, 30, 1000);
  run(meter, atS, 5, 2000);
  expect(meter.bytesPerS).toBeGreaterThan(1600);
  expect(meter.bytesPerS).toBeLessThan(1700);
});

test('it falls to nothing when nothing comes, and rises at once when something does', () => {
  const meter = new RateMeter(0);
  let atS = run(meter, 0, 10, 1_000_000);
  atS = run(meter, atS, 90, 0);
  expect(meter.bytesPerS).toBe(0);
  run(meter, atS, 1, 3000);
  expect(meter.bytesPerS).toBeCloseTo(3000);
});

test('what has only begun has a rate before the next tick, and one that flows keeps it until then', () => {
  const meter = new RateMeter(1_000);
  expect(meter.rateAt(1_200)).toBe(0);
  meter.add(700);
  expect(meter.rateAt(1_000)).toBe(0);
  expect(meter.rateAt(1_350)).toBeCloseTo(2_000);
  expect(meter.bytesPerS).toBe(0);
  meter.tick(1_500);
  expect(meter.rateAt(1_500)).toBeCloseTo(1_400);
  meter.add(9_000);
  expect(meter.rateAt(1_600)).toBeCloseTo(1_400);
  meter.rest();
  expect(meter.rateAt(1_600)).toBe(0);
});

test('a time that stands still or goes back changes nothing', () => {
  const meter = new RateMeter(0);
  run(meter, 0, 3, 1000);
  meter.add(9_999_999);
  meter.tick(3000);
  meter.tick(10);
  expect(meter.bytesPerS).toBeCloseTo(1000);
});

test('how often it ticks makes little difference, and it never leaves the range of the stream', () => {
  const streams = fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(streams, (perQuarterS) => {
      const [fine, coarse] = [new RateMeter(0), new RateMeter(0)];
      const whole = perQuarterS.slice(0, perQuarterS.length - (perQuarterS.length % 4));
      for (const [at, bytes] of whole.entries()) {
        for (const meter of [fine, coarse]) meter.add(bytes);
        fine.tick((at + 1) * 250);
        if (at % 4 === 3) coarse.tick((at + 1) * 250);
      }
      const fastest = Math.max(...whole) * 4;
      for (const { bytesPerS } of [fine, coarse]) {
        expect(bytesPerS).toBeGreaterThanOrEqual(0);
        expect(bytesPerS).toBeLessThanOrEqual(fastest);
      }
      expect(Math.abs(fine.bytesPerS - coarse.bytesPerS)).toBeLessThanOrEqual(fastest * 0.2);
    }),
  );
});

test('a stream that is silent for eight seconds, or has ended, flows no more', () => {
  const meter = new RateMeter(0);
  let atS = run(meter, 0, 30, 10_000_000);
  atS = run(meter, atS, 7, 0);
  expect(meter.bytesPerS).toBeGreaterThan(1_000_000);
  atS = run(meter, atS, 1, 0);
  expect(meter.bytesPerS).toBe(0);
  run(meter, atS, 1, 5000);
  expect(meter.bytesPerS).toBeCloseTo(5000);
  meter.rest();
  expect(meter.bytesPerS).toBe(0);
});

test('what came before a stream ended is no stream that begins', () => {
  const meter = new RateMeter(0);
  run(meter, 0, 3, 10_000);
  meter.add(7_000);
  meter.rest();
  run(meter, 3, 1, 0);
  expect(meter.bytesPerS).toBe(0);
  expect(meter.total).toBe(37_000);
  run(meter, 4, 1, 2_000);
  expect(meter.bytesPerS).toBeCloseTo(2_000);
});
