import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '@shoal/cli';
import { type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInfoHashFile } from '../src/info-hash-file.ts';

const LINE_COUNT = 300_000;
/** A turn for two thousand lines. */
const MIN_TURNS = 150;

let folder: TemporaryFolder;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'allow');
});

afterEach(() => folder[Symbol.asyncDispose]());

const hexOf = (number: number): string => number.toString(16).padStart(40, '0');

test.each([
  ['', 0],
  ['\n\r\n \t \n', 0],
  ['# nothing but comments\n#', 0],
  [hexOf(1), 1],
  [`${hexOf(0)}\n`, 1],
  [`${hexOf(0xab)}\n${hexOf(0xab).toUpperCase()}\n`, 1],
  [`${hexOf(1)}\r\n${hexOf(2)}\r\n`, 2],
  [`\uFEFF  ${hexOf(1)}\t# the first\n${hexOf(2)}# the second\r\n`, 2],
])('%j has %i infohashes', async (text, count) => {
  await writeFile(path, text);
  expect((await readInfoHashFile(path)).count).toBe(count);
});

test.each([
  ['nonsense', 1],
  [`${hexOf(1)}\n\n# x\n${hexOf(1)}0\n`, 4],
  [`${hexOf(1)}\n${hexOf(1).slice(1)}`, 2],
  [`${hexOf(1).replace('1', 'g')}\n`, 1],
  [`${hexOf(1)} ${hexOf(2)}\n`, 1],
  [`${hexOf(1).slice(1)}\r\r\n`, 1],
  [`${hexOf(1).slice(2)}é\n`, 1],
])('in %j line %i is no infohash', async (text, line) => {
  await writeFile(path, text);
  const reason = `${path}: line ${line} is no infohash. Write 40 hex digits a line; a comment begins with #.`;
  const error = await readInfoHashFile(path).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CliError);
  expect((error as CliError).message).toBe(reason);
});

test('the event loop goes round while a long list is read', async () => {
  await writeFile(
    path,
    Array.from({ length: LINE_COUNT }, (_, line) => `${hexOf(line)}\n`).join(''),
  );
  let turns = 0;
  let isReading = true;
  const turn = (): void => {
    turns++;
    if (isReading) setImmediate(turn);
  };
  setImmediate(turn);
  const table = await readInfoHashFile(path);
  isReading = false;
  expect(table.count).toBe(LINE_COUNT);
  expect(turns).toBeGreaterThan(MIN_TURNS);
});
