import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveCollisions } from '../src/collisions.ts';
import { MetainfoError } from '../src/index.ts';

const limits = { maxCollisions: 500, maxFolders: 100 };

/** The paths as they come out. */
function resolved(paths: readonly (string | undefined)[]): (string | undefined)[] {
  const renamed = resolveCollisions(paths, limits);
  return paths.map((path, index) => renamed.get(index) ?? path);
}

test.each([
  ['nothing to do', ['a', 'b', 'd/a'], ['a', 'b', 'd/a']],
  ['the same name', ['a', 'a', 'a'], ['a', 'a.1', 'a.2']],
  ['an extension', ['a.txt', 'a.txt'], ['a.txt', 'a.1.txt']],
  ['two extensions', ['a.tar.gz', 'a.tar.gz'], ['a.tar.gz', 'a.tar.1.gz']],
  ['only a dot in the folder', ['a.b/c', 'a.b/c'], ['a.b/c', 'a.b/c.1']],
  ['case', ['Read.me', 'README', 'read.ME'], ['Read.me', 'README', 'read.1.ME']],
  ['case of a folder', ['Dir/a', 'dir/a'], ['Dir/a', 'dir/a.1']],
  ['case beyond ASCII', ['ÄÖ', 'äö'], ['ÄÖ', 'äö.1']],
  ['the two Greek sigmas', ['ς', 'σ'], ['ς', 'σ.1']],
  ['Unicode form', ['\u00e9', 'e\u0301'], ['\u00e9', 'e\u0301.1']],
  ['joiners', ['می\u200cخواهم', 'میخواهم'], ['می\u200cخواهم', 'میخواهم.1']],
  ['a file and a folder', ['a', 'a/b'], ['a.1', 'a/b']],
  ['a folder and a file', ['a/b', 'a'], ['a/b', 'a.1']],
  ['a file and a folder two levels up', ['x/a', 'X/A/b/c'], ['x/a.1', 'X/A/b/c']],
  ['a name that is taken', ['a', 'a.1', 'a', 'a.2'], ['a', 'a.1', 'a.2', 'a.1.2']],
  ['a new name that is a folder', ['a', 'a', 'a.1/b'], ['a', 'a.2', 'a.1/b']],
  [
    'entries that are not stored',
    [undefined, 'a', undefined, 'a'],
    [undefined, 'a', undefined, 'a.1'],
  ],
])('%s', (_, paths, expected) => {
  expect(resolved(paths)).toEqual(expected);
});

describe('limits', () => {
  test('118 files of one name are told apart', () => {
    expect(new Set(resolved(new Array<string>(118).fill('a'))).size).toBe(118);
  });

  test('500 files are renamed, no more', () => {
    expect(() => resolveCollisions(new Array<string>(501).fill('a'), limits)).not.toThrow();
    expect(() => resolveCollisions(new Array<string>(502).fill('a'), limits)).toThrow(
      MetainfoError,
    );
  });

  test('folders are counted at every level', () => {
    const deep = (depth: number): string => `${'a/'.repeat(depth)}f`;
    expect(() => resolveCollisions([deep(100)], limits)).not.toThrow();
    expect(() => resolveCollisions([deep(101)], limits)).toThrow(MetainfoError);
  });
});

test('no two files meet, and none meets a folder, in any case or Unicode form', () => {
  const name = fc.constantFrom('a', 'A', 'a.1', 'A.1', 'b', '\u00e9', 'e\u0301', 'a.2');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  fc.assert(
    fc.property(fc.array(path, { maxLength: 25 }), (paths) => {
      const files = resolved(paths).map((file) => file!.normalize('NFC').toLowerCase());
      expect(new Set(files).size).toBe(files.length);
      for (const file of files) {
        const inside = files.filter((other) => other.startsWith(`${file}/`));
        expect(inside).toEqual([]);
      }
    }),
  );
});
