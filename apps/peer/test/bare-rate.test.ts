import { describe, expect, it } from 'vitest';
import { isBareRate } from '../src/bare-rate.ts';

describe('isBareRate', () => {
  it.each(['5', '50', '1023', '0.5', '5/s'])('finds no unit in %s', (word) => {
    expect(isBareRate(word)).toBe(true);
  });

  it.each(['0', '1024', '5K', '5B', '5M/s', 'none', '-', 'fast', ''])('leaves %j alone', (word) => {
    expect(isBareRate(word)).toBe(false);
  });
});
