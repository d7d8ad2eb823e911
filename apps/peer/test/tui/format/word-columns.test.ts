import { describe, expect, it } from 'vitest';
import { wordColumns } from '../../../src/tui/format/word-columns.ts';

describe('wordColumns', () => {
  const words = ['/add', '/ban', '/choke', '/create', '/help'];

  it('reads down its columns', () => {
    expect(wordColumns(words, 18, 6)).toEqual(['/add     /create', '/ban     /help', '/choke']);
  });

  it('says how many are left out', () => {
    expect(wordColumns(words, 18, 2)).toEqual(['/add  /ban', '… 3 more']);
  });

  it('cuts a word that is wider than the screen', () => {
    expect(wordColumns(['/a-very-long-name'], 8, 3)).toEqual(['/a-very…']);
    expect(wordColumns([], 8, 3)).toEqual([]);
  });
});
