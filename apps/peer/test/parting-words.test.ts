import { describe, expect, it } from 'vitest';
import { partingWords } from '../src/parting-words.ts';

const [seeding, paused] = [{ status: 'seeding' }, { status: 'paused' }] as const;

describe('partingWords', () => {
  it('counts what stays and says how to go on', () => {
    expect(partingWords([seeding, paused])).toBe(
      '2 torrents, 1 unfinished; the same command goes on.',
    );
    expect(partingWords([seeding])).toBe('1 torrent, all complete; the same command seeds again.');
  });

  it('has nothing to say of nothing', () => {
    expect(partingWords([])).toBeUndefined();
  });
});
