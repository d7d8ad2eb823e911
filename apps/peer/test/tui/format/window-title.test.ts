import { expect, it } from 'vitest';
import { windowTitle } from '../../../src/tui/format/window-title.ts';

it('has the share of all that is being downloaded, and of nothing else', () => {
  const one = { status: 'downloading', haveLength: 30, wantedLength: 100 } as const;
  expect(windowTitle([one, { ...one, haveLength: 100, status: 'seeding' }])).toBe('30% shoal');
  expect(windowTitle([one, { ...one, haveLength: 99 }])).toBe('64% shoal');
  expect(windowTitle([{ ...one, status: 'paused' }])).toBe('shoal');
  expect(windowTitle([])).toBe('shoal');
});
