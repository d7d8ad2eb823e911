import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences, hashFolder, writePayload } from '../src/payload.ts';

test('names each file that is missing, differs or is too many', () => {
  const expected = new Map([
    ['same', '1'],
    ['other', '2'],
    ['gone', '3'],
  ]);
  const actual = new Map([
    ['same', '1'],
    ['other', '9'],
    ['new', '4'],
  ]);
  expect(differences(expected, actual)).toEqual([
    'other differs',
    'gone is missing',
    'new is too many',
  ]);
});

test('hashes every file of the payload, the empty one and nested ones too', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'shoal-payload-'));
  try {
    const hashes = await hashFolder(await writePayload(parent));
    expect(hashes.size).toBe(9);
    expect(hashes.has('notes/deep/er/kelp.bin')).toBe(true);
    expect(hashes.has('empty.dat')).toBe(true);
  } finally {
    await rm(parent, { recursive: true });
  }
});
