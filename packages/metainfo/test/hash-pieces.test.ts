import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { hashPieces } from '../src/create/hash-pieces.ts';

const options = { pieceLength: 16_384, onProgress: undefined, signal: undefined };

test('a file that has become shorter is named', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'f');
  await writeFile(path, 'short');
  const making = hashPieces([{ path, components: [], length: 6 }], options);
  await expect(making).rejects.toMatchObject({
    code: 'file-changed',
    message: `cannot hash ${path}: it became shorter while it was read`,
  });
});

test('a file that is gone is named', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'gone');
  const making = hashPieces([{ path, components: [], length: 1 }], options);
  await expect(making).rejects.toMatchObject({
    code: 'unreadable',
    message: `cannot read ${path}: no such file or directory`,
  });
});
