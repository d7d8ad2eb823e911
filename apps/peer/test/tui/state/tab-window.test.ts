import { describe, expect, it } from 'vitest';
import { tabPlace } from '../../../src/tui/state/tab-window.ts';
import { FakeEngine } from '../fake-engine.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';

const engine = new FakeEngine(LIVELY_SEEDS);
const [, sintel] = engine
  .getSnapshot()
  .torrents.map(({ infoHash }) => engine.torrent(infoHash)!.getDetail());

describe('tabPlace', () => {
  it('says which rows of a long tab are in sight, and nothing of a short one', () => {
    expect(tabPlace(sintel, 'files', 0, 6)).toBe('1–5 of 9');
    expect(tabPlace(sintel, 'files', 8, 6)).toBe('5–9 of 9');
    expect(tabPlace(sintel, 'files', 0, 20)).toBe('');
    expect(tabPlace(sintel, 'overview', 0, 6)).toBe('');
    expect(tabPlace(undefined, 'files', 0, 6)).toBe('');
  });

  it('counts the log from its end', () => {
    const count = sintel!.log.length;
    expect(tabPlace(sintel, 'log', 0, 3)).toBe(`${count - 2}–${count} of ${count}`);
    expect(tabPlace(sintel, 'log', 99, 3)).toBe(`1–3 of ${count}`);
  });
});
