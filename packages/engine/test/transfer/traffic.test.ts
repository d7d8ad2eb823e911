import { expect, test } from 'vitest';
import { RateLimiter } from '../../src/transfer/rate-limiter.ts';
import { Traffic } from '../../src/transfer/traffic.ts';

const shared = {
  down: new RateLimiter({ bytesPerS: undefined }),
  up: new RateLimiter({ bytesPerS: undefined }),
};
const former = { downloaded: 700, uploaded: 300, downBytesPerS: 50_000, upBytesPerS: 40_000 };

test('totals go on from the last run', () => {
  const traffic = new Traffic({ downBytesPerS: undefined, upBytesPerS: undefined }, shared, 0);
  traffic.addFormer(former);
  traffic.down.meter.add(10);
  traffic.up.meter.add(5);
  expect(traffic.totals).toEqual({ downloaded: 710, uploaded: 305 });
});

test('a limit of the last run holds where none is set now', () => {
  const traffic = new Traffic({ downBytesPerS: 20_000, upBytesPerS: undefined }, shared, 0);
  traffic.addFormer(former);
  expect(traffic.limits).toEqual({ downBytesPerS: 20_000, upBytesPerS: 40_000 });
});

test('a second in which a byte came is one in which something flows', () => {
  const traffic = new Traffic({ downBytesPerS: undefined, upBytesPerS: undefined }, shared, 0);
  expect(traffic.tick(1_000)).toBe(false);
  traffic.up.meter.add(5_000);
  expect(traffic.tick(2_000)).toBe(true);
});
