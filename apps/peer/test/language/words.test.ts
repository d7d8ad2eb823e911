import { anyText } from '@shoal/testkit/any-text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/language/command-line.ts';
import { quoteOpenWord, quoteWord, splitWords } from '../../src/language/words.ts';

function texts(line: string): string[] {
  return splitWords(line).map(({ text }) => text);
}

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  \t ', []],
    ['/ping  1.2.3.4\t6881 ', ['/ping', '1.2.3.4', '6881']],
    ['/add "my films/a b.torrent"', ['/add', 'my films/a b.torrent']],
    ["/add 'my films'/x", ['/add', 'my films/x']],
    ['/add my\\ film', ['/add', 'my film']],
    ['/add "a \\"b\\" \\\\ \\n"', ['/add', 'a "b" \\ \\n']],
    ["/add 'a\\b'", ['/add', 'a\\b']],
    ['/add ""', ['/add', '']],
    ['/check_chunk "a b#2"', ['/check_chunk', 'a b#2']],
  ])('reads %j', (line, words) => {
    expect(texts(line)).toEqual(words);
  });

  it('says which word is not finished, and where it begins', () => {
    expect(splitWords('/add "my fi')).toEqual([
      { text: '/add', start: 0, isUnfinished: false },
      { text: 'my fi', start: 5, isUnfinished: true },
    ]);
    expect(splitWords('/add my\\').at(-1)).toMatchObject({ text: 'my', isUnfinished: true });
  });

  it('gives back what was quoted, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (words) => {
        expect(texts(words.map(quoteWord).join(' '))).toEqual(words);
      }),
    );
  });

  it('gives back a word that is quoted open, at the end of a line', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (word) => {
        expect(texts(`/add ${quoteOpenWord(word)}`).at(-1)).toBe(word);
      }),
    );
  });
});

describe('parseCommandLine', () => {
  it('takes --torrent from any place', () => {
    const parsed = { name: 'choke', words: ['1.2.3.4', '5'], torrent: 'a b' };
    expect(parseCommandLine('/choke 1.2.3.4 5 --torrent "a b"')).toEqual(parsed);
    expect(parseCommandLine('/choke --torrent=x 1.2.3.4 "--torrent=a b" 5')).toEqual(parsed);
  });

  it.each([
    ['', 'A command begins with /; see all of them with /help.'],
    ['ping', 'A command begins with /; see all of them with /help.'],
    ['/', 'A command begins with /; see all of them with /help.'],
    ['/add "x', 'A quote or a backslash is open at the end; close it.'],
    ['/log --torrent', '--torrent names nothing; add a name after it.'],
  ])('refuses %j in one sentence', (line, sentence) => {
    expect(() => parseCommandLine(line)).toThrow(sentence);
  });
});
