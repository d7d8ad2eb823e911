import { describe, expect, it } from 'vitest';
import { emptyLine } from '../../../src/tui/state/edit-line.ts';
import { promptLines } from '../../../src/tui/state/prompt-lines.ts';
import type { Prompt } from '../../../src/tui/state/ui-state.ts';

const advice = (prompt: Prompt, width: number): string => {
  const overlay = { name: 'prompt', prompt, line: emptyLine, error: undefined } as const;
  const screen = { width, height: 24 };
  return promptLines({ ...overlay, isBusy: false, candidates: [] }, screen, true).lines[0]!;
};

describe('the advice below a prompt', () => {
  it('says what every key does, how to leave last', () => {
    expect(advice({ purpose: 'command' }, 80)).toBe(
      '/help lists them · Tab completes · Enter runs · Esc cancels',
    );
    expect(advice({ purpose: 'filter' }, 80)).toMatch(/ · Esc shows all$/);
    expect(advice({ purpose: 'limits', scope: 'all' }, 80)).toBe(
      'down [up], such as 5M 512K; - is no limit · Tab one torrent · Esc cancels',
    );
  });

  it('leaves out what is between in a narrow window, not how to leave', () => {
    expect(advice({ purpose: 'limits', scope: 'all' }, 60)).toBe(
      'down [up], such as 5M 512K; - is no limit · Esc cancels',
    );
    expect(advice({ purpose: 'add' }, 50)).toBe('a magnet, or a .torrent · Esc cancels');
  });
});
