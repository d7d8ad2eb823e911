import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DhtKeeper } from '../src/dht-keeper.ts';

let folder: string;
let file: string;
let nowMs: number;
let looks: Set<() => void>;
let table: { nodeCount: number; save(): Uint8Array };
let keeper: DhtKeeper;

/** Looks that come when the test says so. */
const clock: Pick<Clock, 'nowMs' | 'every'> = {
  nowMs: () => nowMs,
  every: (_intervalMs, look) => {
    looks.add(look);
    return { cancel: () => void looks.delete(look) };
  },
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shoal-dht-'));
  file = path.join(folder, 'new', 'dht.state');
  nowMs = 0;
  looks = new Set();
  table = { nodeCount: 0, save: () => Uint8Array.of(table.nodeCount) };
  keeper = new DhtKeeper({ path: file, table, clock, log: silentLog });
});
afterEach(() => rm(folder, { recursive: true }));

/** Looks at that time at a table of that size. @returns how many nodes the file has then */
async function savedAt(atMs: number, nodeCount: number): Promise<number | undefined> {
  nowMs = atMs;
  table.nodeCount = nodeCount;
  for (const look of looks) look();
  await keeper.settled();
  return (await readFile(file).catch(() => undefined))?.[0];
}

test('a table is kept as soon as it is filled, and then every five minutes', async () => {
  expect(await savedAt(60_000, 10)).toBeUndefined();
  expect(await savedAt(70_000, 60)).toBe(60);
  expect(await savedAt(369_000, 70)).toBe(60);
  expect(await savedAt(370_000, 70)).toBe(70);
});

test('a small table is kept after five minutes, an empty one never while it runs', async () => {
  expect(await savedAt(400_000, 0)).toBeUndefined();
  expect(await savedAt(410_000, 3)).toBe(3);
});

test('several that write one file at once leave one table, whole, and nothing else', async () => {
  const tables = [11, 22, 33].map((byte) => new Uint8Array(20_000).fill(byte));
  const keepers = tables.map(
    (bytes) =>
      new DhtKeeper({
        path: file,
        table: { nodeCount: 1, save: () => bytes },
        clock,
        log: silentLog,
      }),
  );
  await Promise.all(keepers.map((one) => one.close()));
  const bytes = await readFile(file);
  expect(tables.some((table) => bytes.equals(table))).toBe(true);
  expect(await readdir(path.dirname(file))).toEqual(['dht.state']);
});

test('the end keeps what there is, and leaves no timer', async () => {
  table.nodeCount = 5;
  await keeper.close();
  expect(await readFile(file)).toEqual(Buffer.of(5));
  expect(looks.size).toBe(0);
});
