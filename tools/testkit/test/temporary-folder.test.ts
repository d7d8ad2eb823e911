import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../src/index.ts';

test('is there during the test and gone after it', async () => {
  let path = '';
  {
    await using folder = await temporaryFolder();
    path = folder.path;
    await writeFile(join(path, 'file'), 'bytes');
    expect(existsSync(path)).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});

test('may be removed twice', async () => {
  const folder = await temporaryFolder();
  await folder.remove();
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});
