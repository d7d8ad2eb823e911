import { expect, it } from 'vitest';
import { homePath } from '../src/home-path.ts';

it('writes paths in the home folder with a tilde', () => {
  const shown = ['/home/nora/a b', '/home/nora', '/home/norah/x', '/mnt'].map((path) =>
    homePath(path, '/home/nora'),
  );
  expect(shown).toEqual(['~/a b', '~', '/home/norah/x', '/mnt']);
});
