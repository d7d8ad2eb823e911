import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/beps.md',
  'docs/limits.md',
];

async function read(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8');
}

describe.each(DOCUMENTS)('%s', (document) => {
  test('names files that are there', async () => {
    const text = await read(document);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    const quoted = [...text.matchAll(/`((?:p|packages|apps|tools|docs)\/[^\s`*]+\.\w+)`/g)].map(
      ([, path = '']) => path.replace(/^p\//, 'packages/'),
    );
    for (const path of [...links, ...quoted]) {
      const parent = await readdir(join(ROOT, path, '..')).catch(() => []);
      expect(parent, `${document} names ${path}`).toContain(path.split('/').at(-1));
    }
  });
});

test('docs/limits.md names limits that their files have', async () => {
  const rows = [...(await read('docs/limits.md')).matchAll(/`(packages\/\S+\.ts)` `(\w+)`/g)];
  expect(rows.length).toBeGreaterThan(50);
  for (const [, path = '', name = ''] of rows) {
    expect(await read(path), `${name} in ${path}`).toMatch(new RegExp(`\\b${name}\\b`));
  }
});
