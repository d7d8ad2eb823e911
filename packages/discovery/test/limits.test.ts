import { describe, expect, it } from 'vitest';
import { SourceLimiter } from '../src/source-limiter.ts';
import { TokenBucket } from '../src/token-bucket.ts';

describe('TokenBucket', () => {
  it('gives its capacity at once, then what time brings', () => {
    const bucket = new TokenBucket({ capacity: 3, perMs: 0.1, nowMs: 0 });
    expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false]);
    expect(bucket.waitMs(1, 0)).toBe(10);
    expect(bucket.take(1, 9)).toBe(false);
    expect(bucket.take(1, 10)).toBe(true);
    expect(bucket.waitMs(2, 1000)).toBe(0);
    expect(bucket.take(4, 9999)).toBe(false);
  });
});

describe('SourceLimiter', () => {
  const limits = { messageLimit: 2, windowMs: 10, blockMs: 100 };

  it('shuts out one who sends too much, for a while, and nobody else', () => {
    const limiter = new SourceLimiter(limits);
    expect([0, 1, 2, 3].map((ms) => limiter.allow('a', ms))).toEqual([true, true, false, false]);
    expect(limiter.allow('b', 3)).toBe(true);
    expect(limiter.allow('a', 101)).toBe(false);
    expect(limiter.allow('a', 102)).toBe(true);
  });

  it('lets through what stays below, for ever', () => {
    const limiter = new SourceLimiter(limits);
    for (let ms = 0; ms < 1000; ms += 5) expect(limiter.allow('a', ms)).toBe(true);
  });

  it('remembers a bounded number of sources, and goes on with made-up ones', () => {
    const limiter = new SourceLimiter(limits);
    let heardCount = 0;
    for (let n = 0; n < 100_000; n++) if (limiter.allow(`${n}`, 0)) heardCount++;
    expect(heardCount).toBe(100_000);
  });
});
