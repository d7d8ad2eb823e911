import { createHash } from 'node:crypto';
import { MemoryStore } from '@shoal/chunk-store';
import { PieceLayout } from '@shoal/units';
import { describe, expect, it } from 'vitest';
import { checkPieces } from '../src/check-pieces.ts';

const layout = new PieceLayout(100_000, 16_384);
const pieces = Array.from({ length: layout.pieceCount }, (_, index) =>
  new Uint8Array(layout.lengthOf(layout.pieceIndex(index)!)).fill(index),
);
const info = {
  layout,
  pieceHashes: new Uint8Array(
    Buffer.concat(pieces.map((bytes) => createHash('sha1').update(bytes).digest())),
  ),
};

describe('checking pieces', () => {
  it('tells good, bad and missing ones apart, and counts every byte', async () => {
    const store = new MemoryStore({ chunkLength: 16_384, totalLength: 100_000 });
    for (const index of [0, 1, 2, 4, 6]) await store.put(index, pieces[index]!);
    await store.put(2, new Uint8Array(16_384).fill(99));
    const done: number[] = [];
    const check = await checkPieces(info, store, {
      signal: new AbortController().signal,
      onProgress: ({ doneLength }) => done.push(doneLength),
    });
    expect(check).toEqual({ good: [0, 1, 4, 6], bad: [2], missing: [3, 5] });
    expect(done.at(-1)).toBe(100_000);
  });

  it('ends with the reason of the signal', async () => {
    const store = new MemoryStore({ chunkLength: 16_384, totalLength: 100_000 });
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(checkPieces(info, store, { signal, onProgress: () => {} })).rejects.toThrow(
      'stop',
    );
  });
});
