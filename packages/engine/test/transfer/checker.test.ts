import { createHash } from 'node:crypto';
import { MemoryStore, StoreError } from '@shoal/chunk-store';
import { Bitfield, type PieceIndex, PieceLayout } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { checkPieces, isGoodOnDisk } from '../../src/transfer/checker.ts';
import { GatedStore } from './gated-store.ts';

const PIECE_LENGTH = 1_000;
const PIECE_COUNT = 20;
const layout = new PieceLayout((PIECE_COUNT - 1) * PIECE_LENGTH + 7, PIECE_LENGTH);
const content = new Uint8Array(layout.totalLength).map((_, at) => at % 251);
const indexes = [...new Array(PIECE_COUNT).keys()];

function bytesOf(index: number): Uint8Array {
  return content.slice(index * PIECE_LENGTH, (index + 1) * PIECE_LENGTH);
}

const pieceHashes = Buffer.concat(
  indexes.map((index) => createHash('sha1').update(bytesOf(index)).digest()),
);

function suspectsOf(...pieces: readonly number[]): Bitfield {
  const field = new Bitfield(PIECE_COUNT);
  for (const piece of pieces) field.add(piece);
  return field;
}

async function makeStore(pieces: readonly number[], bad: readonly number[] = []) {
  const store = new MemoryStore({ chunkLength: PIECE_LENGTH, totalLength: layout.totalLength });
  for (const index of pieces) {
    const bytes = bytesOf(index);
    if (bad.includes(index)) bytes[0]! ^= 1;
    await store.put(index, bytes);
  }
  return store;
}

test('each suspect is told once: good, bad or missing; nothing else is looked at', async () => {
  const store = await makeStore([0, 1, 2, 3, 19], [1]);
  const results = new Map<number, boolean>();
  await checkPieces({
    store,
    layout,
    pieceHashes,
    suspects: suspectsOf(0, 1, 3, 7, 19),
    signal: new AbortController().signal,
    handleResult: (index, isGood) => {
      expect(results.has(index)).toBe(false);
      results.set(index, isGood);
    },
  });
  expect([...results].sort(([a], [b]) => a - b)).toEqual([
    [0, true],
    [1, false],
    [3, true],
    [7, false],
    [19, true],
  ]);
});

describe('with a slow disk', () => {
  function begin(store: GatedStore, signal: AbortSignal) {
    const results: number[] = [];
    const done = checkPieces({
      store,
      layout,
      pieceHashes,
      suspects: suspectsOf(...indexes),
      signal,
      handleResult: (index) => results.push(index),
    });
    return { results, done };
  }

  function makeGated(): GatedStore {
    return new GatedStore({ chunkLength: PIECE_LENGTH, totalLength: layout.totalLength });
  }

  test('several pieces are read at a time, but not all', () => {
    const store = makeGated();
    begin(store, new AbortController().signal);
    expect(store.reads).toHaveLength(8);
  });

  test('aborted, it ends without another word', async () => {
    const store = makeGated();
    await store.fill(content);
    const controller = new AbortController();
    const { results, done } = begin(store, controller.signal);
    store.reads[0]!.open();
    await expect.poll(() => results).toEqual([0]);
    controller.abort();
    for (const read of [...store.reads]) read.open();
    await done;
    expect(results).toEqual([0]);
  });

  test('a disk that fails ends it', async () => {
    const store = makeGated();
    const { done } = begin(store, new AbortController().signal);
    store.reads[0]!.open(new StoreError('io', 'the disk is broken'));
    await expect(done).rejects.toMatchObject({ code: 'io' });
  });
});

test('one piece is good only when its bytes are there and right', async () => {
  const store = await makeStore([4, 5], [5]);
  const isGood = (index: number): Promise<boolean> =>
    isGoodOnDisk({ store, layout, pieceHashes }, index as PieceIndex);
  expect(await Promise.all([4, 5, 6].map(isGood))).toEqual([true, false, false]);
});
