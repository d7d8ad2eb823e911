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
  'docs/threats.md',
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

test('docs/threats.md has for each threat a file that stands against it and a test', async () => {
  const rows = (await read('docs/threats.md')).match(/^\| (?!threat|---).*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(35);
  for (const row of rows) {
    const [, source = '', shown = ''] = row.split(' | ');
    expect(source, row).toMatch(/^(?:`[^`]+`(?:, )?)+$/);
    expect(shown, row).toMatch(/`(?:p|apps|tools)\/\S+(?:\.test\.tsx?|\/cases\/\S+\.ts)`/);
  }
});

test('docs/limits.md says the numbers that the files have', async () => {
  const rows = [
    ...(await read('docs/limits.md')).matchAll(
      /^\| ([^|]+)\| ([^|]+)\|.*`(packages\/\S+)` `(\w+)`/gm,
    ),
  ];
  let count = 0;
  const untrue: string[] = [];
  for (const [, limit = '', text = '', path = '', name = ''] of rows) {
    const value = numberIn(await read(path), name);
    const said = numbersOf(text);
    if (value === undefined || said.length === 0) continue;
    if (!UNITS.some((unit) => said.includes(value / unit))) untrue.push(`${limit}is ${value}`);
    count++;
  }
  expect(untrue).toEqual([]);
  expect(count).toBeGreaterThan(50);
});

/** What a constant may be in: the unit of the text, milliseconds or seconds for longer times, bytes. */
const UNITS = [1, 1_000, 60, 60_000, 3_600, 3_600_000, 1_024, 1_048_576, 1_073_741_824];

function numbersOf(text: string): number[] {
  return (text.match(/\d[\d,.]*/g) ?? []).map((number) => Number(number.replaceAll(',', '')));
}

/** `NAME = 4 * 1_024`, `name: 5` or `name ?? 5`; undefined for what is no plain number. */
function numberIn(source: string, name: string): number | undefined {
  const place = new RegExp(`\\b${name}(?: =|:| \\?\\?) ([\\d_]+(?: \\* [\\d_]+)*)(?=[;,) \\n])`);
  const [, product] = place.exec(source) ?? [];
  const factors = product?.replaceAll('_', '').split(' * ').map(Number);
  return factors?.reduce((value, factor) => value * factor);
}

test('docs/limits.md names limits that their files have', async () => {
  const rows = [...(await read('docs/limits.md')).matchAll(/`(packages\/\S+\.ts)` `(\w+)`/g)];
  expect(rows.length).toBeGreaterThan(50);
  for (const [, path = '', name = ''] of rows) {
    expect(await read(path), `${name} in ${path}`).toMatch(new RegExp(`\\b${name}\\b`));
  }
});
