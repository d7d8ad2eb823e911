import { type FileMark, MemoryStore, StoreError } from '@shoal/chunk-store';
import type { PieceIndex } from '@shoal/units';
import { expect, test } from 'vitest';
import { Seal } from '../../src/transfer/seal.ts';
import { Turns } from '../../src/turns.ts';

const PIECE = 0 as PieceIndex;
const GOOD = Uint8Array.of(1, 2, 3, 4);

/** One piece in memory, sealed; `rechecks` counts how often it was hashed again. */
async function openStage() {
  const store = new MemoryStore({ chunkLength: 4, totalLength: 4 });
  await store.put(PIECE, GOOD);
  const stage = {
    store,
    rechecks: 0,
    seal: new Seal({
      store,
      recheck: async (pieceIndex, into) => {
        stage.rechecks++;
        const bytes = await store.get(pieceIndex, 0, 4, into);
        return bytes.every((byte, at) => byte === GOOD[at]);
      },
      turns: new Turns(),
    }),
    read: async () => [...(await stage.seal.read(PIECE, 1, 2, new Uint8Array(9)))],
  };
  stage.seal.close(await store.marks());
  return stage;
}

test('what was not touched is read as it is', async () => {
  const stage = await openStage();
  expect(await stage.read()).toEqual([2, 3]);
  expect(stage.rechecks).toBe(0);
});

test('what was changed is not read', async () => {
  const stage = await openStage();
  await stage.store.put(PIECE, Uint8Array.of(1, 2, 3, 5));
  for (let n = 0; n < 2; n++) await expect(stage.read()).rejects.toMatchObject({ code: 'missing' });
});

test('what was touched and is as it was is hashed once for each touch', async () => {
  const stage = await openStage();
  for (let touches = 1; touches <= 3; touches++) {
    await stage.store.put(PIECE, GOOD);
    for (let n = 0; n < 3; n++) expect(await stage.read()).toEqual([2, 3]);
    expect(stage.rechecks).toBe(touches);
  }
});

test('what we write ourselves is read as it is, until it is sealed again', async () => {
  const stage = await openStage();
  stage.seal.open();
  expect(stage.seal.marks).toBeUndefined();
  await stage.store.put(PIECE, GOOD);
  expect(await stage.read()).toEqual([2, 3]);
  stage.seal.close(await stage.store.marks());
  expect(await stage.read()).toEqual([2, 3]);
  expect(stage.rechecks).toBe(0);
});

test.each<[string, Partial<FileMark>]>([
  ['its length', { length: 5 }],
  ['its time of change', { mtimeMs: 0 }],
  ['the time that no program sets', { ctimeMs: 8 }],
  ['whether it lies apart', { isApart: true }],
])('a file counts as changed by %s', async (_name, change) => {
  const stage = await openStage();
  const mark = { length: 4, mtimeMs: 1, ctimeMs: 7 };
  stage.store.marksOf = async () => new Map([[0, mark]]);
  stage.seal.close([mark]);
  await stage.read();
  expect(stage.rechecks).toBe(0);
  stage.store.marksOf = async () => new Map([[0, { ...mark, ...change }]]);
  await stage.read();
  expect(stage.rechecks).toBe(1);
});

/** Three pieces that were touched; `hashing` are those that are hashed again, until they are let go. */
async function openTouched() {
  const store = new MemoryStore({ chunkLength: 4, totalLength: 12 });
  const marks = await store.marks();
  for (const index of [0, 1, 2]) await store.put(index, GOOD);
  const turns = new Turns();
  const hashing: { index: number; end: PromiseWithResolvers<boolean> }[] = [];
  const openSeal = (): Seal => {
    const seal = new Seal({
      store,
      recheck: async (index, into) => {
        await store.get(index, 0, 4, into);
        const end = Promise.withResolvers<boolean>();
        hashing.push({ index, end });
        return end.promise;
      },
      turns,
    });
    seal.close(marks);
    return seal;
  };
  const readPart = (seal: Seal, index: number, begin: number) =>
    seal.read(index as PieceIndex, begin, 2, new Uint8Array(2));
  /** Ends the hashes as they come, until all that is read is here. */
  const letGo = async (reads: Promise<unknown>): Promise<void> => {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    reads.then(end, end);
    for (let next = 0; !isOver; await new Promise(setImmediate)) {
      expect(hashing.length - next).toBeLessThanOrEqual(1);
      if (next < hashing.length) hashing[next++]!.end.resolve(true);
    }
  };
  return { openSeal, readPart, hashing, letGo };
}

test('however many read a touched piece, it is hashed once, and one piece of all torrents at a time', async () => {
  const { openSeal, readPart, hashing, letGo } = await openTouched();
  const seals = [openSeal(), openSeal()];
  const reads = Promise.all(
    [0, 1, 2].flatMap((index) =>
      seals.flatMap((seal) => [0, 2, 1, 2].map((begin) => readPart(seal, index, begin))),
    ),
  );
  await letGo(reads);
  for (const [n, bytes] of (await reads).entries()) {
    const begin = [0, 2, 1, 2][n % 4]!;
    expect([...bytes]).toEqual([begin + 1, begin + 2]);
  }
  expect(hashing.map(({ index }) => index).toSorted()).toEqual([0, 0, 1, 1, 2, 2]);
});

test('what cannot be hashed again is read by nobody who waited for it, and is tried anew', async () => {
  const { openSeal, readPart, hashing } = await openTouched();
  const seal = openSeal();
  const reads = [0, 2].map((begin) => readPart(seal, 1, begin));
  const ends = Promise.allSettled(reads);
  while (hashing.length === 0) await new Promise(setImmediate);
  hashing[0]!.end.reject(new StoreError('io', 'the disk is gone'));
  for (const { status } of await ends) expect(status).toBe('rejected');
  const again = readPart(seal, 1, 0);
  while (hashing.length === 1) await new Promise(setImmediate);
  hashing[1]!.end.resolve(true);
  expect([...(await again)]).toEqual([1, 2]);
});
