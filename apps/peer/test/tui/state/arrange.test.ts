import { describe, expect, it } from 'vitest';
import { arrange } from '../../../src/tui/state/arrange.ts';
import { FakeEngine } from '../fake-engine.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';

const { torrents } = new FakeEngine(LIVELY_SEEDS).getSnapshot();
const numbered = ['reef 10', 'reef 2', 'Reef 1'].map((name) => ({ ...torrents[0]!, name }));

describe('arrange', () => {
  it('counts as people do: 2 before 10', () => {
    for (const order of ['name', 'added'] as const)
      expect(arrange(numbered, order, '').map(({ name }) => name)).toEqual([
        'Reef 1',
        'reef 2',
        'reef 10',
      ]);
  });

  it('keeps those whose names have every word of the filter', () => {
    const names = arrange(torrents, 'added', 'AMD debian').map(({ name }) => name);
    expect(names).toEqual(['debian-13.1.0-amd64-netinst.iso']);
    expect(arrange(torrents, 'added', '')).toHaveLength(torrents.length);
  });

  it('puts what needs a person first by status, the largest first by size', () => {
    expect(arrange(torrents, 'status', '')[0]!.status).toBe('error');
    expect(arrange(torrents, 'size', '')[0]!.name).toMatch(/^Project Gutenberg/);
    expect(arrange(torrents, 'progress', '').at(-1)!.status).toBe('seeding');
  });
});
