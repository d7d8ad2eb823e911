import { type FileMark, MemoryStore } from '@shoal/chunk-store';
import type { PieceIndex } from '@shoal/units';
import { expect, test } from 'vitest';
import { Seal } from '../../src/transfer/seal.ts';

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
