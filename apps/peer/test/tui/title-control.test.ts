import { describe, expect, it } from 'vitest';
import { titleControl } from '../../src/tui/title-control.ts';

const written = (term: string | undefined): string[] => {
  const all: string[] = [];
  const title = titleControl((text) => all.push(text), term);
  title.set('1% shoal');
  title.set('shoal');
  title.restore();
  title.restore();
  return all;
};

describe('titleControl', () => {
  it('saves the title that is there, sets its own, and puts the former back once', () => {
    expect(written('xterm-256color')).toEqual([
      '\x1b[22;2t\x1b]2;1% shoal\x07',
      '\x1b]2;shoal\x07',
      '\x1b[23;2t',
    ]);
  });

  it('writes nothing where there is no title', () => {
    expect(written('linux')).toEqual([]);
    expect(written(undefined)).toEqual([]);
  });
});
