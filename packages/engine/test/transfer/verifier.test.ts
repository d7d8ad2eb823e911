import { createHash } from 'node:crypto';
import { MemoryStore, StoreError } from '@shoal/chunk-store';
import { BLOCK_LENGTH, type PieceIndex, PieceLayout } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { ActivePiece } from '../../src/picking/active-piece.ts';
import { PieceBuffers } from '../../src/transfer/piece-buffers.ts';
import { Verifier } from '../../src/transfer/verifier.ts';
import { GatedStore } from './gated-store.ts';

const PIECE_LENGTH = 2 * BLOCK_LENGTH;
const layout = new PieceLayout(2 * PIECE_LENGTH + 100, PIECE_LENGTH);
const content = new Uint8Array(layout.totalLength).map((_, at) => (at * 7) >> 5);

function bytesOf(index: number): Uint8Array {
  return content.subarray(index * PIECE_LENGTH, (index + 1) * PIECE_LENGTH);
}

const pieceHashes = Buffer.concat(
  [0, 1, 2].map((index) => createHash('sha1').update(bytesOf(index)).digest()),
);

interface Stage {
  readonly verifier: Verifier;
  readonly buffers: PieceBuffers;
  /** What was said, in order. */
  readonly said: string[];
}

function makeStage(store: MemoryStore | GatedStore): Stage {
  const said: string[] = [];
  const buffers = new PieceBuffers(PIECE_LENGTH, 8 * PIECE_LENGTH);
  const verifier = new Verifier({
    pieceHashes,
    store,
    buffers,
    handleVerified: ({ index }) => said.push(`verified ${index}`),
    handleFailed: ({ index }) => said.push(`failed ${index}`),
    handleStoreError: ({ index }, error) =>
      said.push(`not stored ${index}: ${(error as StoreError).code}`),
  });
  return { verifier, buffers, said };
}

function makePiece(
  { buffers }: Stage,
  index: number,
  change: (bytes: Uint8Array) => void = () => {},
) {
  const piece = new ActivePiece(layout, index as PieceIndex, 1, 0);
  piece.bytes = buffers.take(piece.length);
  piece.bytes.set(bytesOf(index));
  change(piece.bytes);
  return piece;
}

const spoil = (bytes: Uint8Array): void => {
  bytes[bytes.length - 1]! ^= 1;
};

describe('with a store that works', () => {
  test('a good piece is stored before it is told', async () => {
    const store = new MemoryStore({ chunkLength: PIECE_LENGTH, totalLength: layout.totalLength });
    const stage = makeStage(store);
    for (const index of [0, 2]) stage.verifier.verify(makePiece(stage, index));
    await stage.verifier.settled();
    expect(stage.said).toEqual(['verified 0', 'verified 2']);
    for (const index of [0, 2]) {
      const stored = await store.get(index, 0, layout.lengthOf(index as PieceIndex));
      expect(Buffer.compare(stored, bytesOf(index))).toBe(0);
    }
  });

  test('a bad piece never reaches the store', async () => {
    const store = new MemoryStore({ chunkLength: PIECE_LENGTH, totalLength: layout.totalLength });
    const stage = makeStage(store);
    stage.verifier.verify(makePiece(stage, 1, spoil));
    await stage.verifier.settled();
    expect(stage.said).toEqual(['failed 1']);
    await expect(store.get(1, 0, 1)).rejects.toMatchObject({ code: 'missing' });
  });
});

describe('with a store that takes its time', () => {
  const makeGated = () =>
    new GatedStore({ chunkLength: PIECE_LENGTH, totalLength: layout.totalLength });

  test('nothing is told, and the buffer is not used again, before the piece is written', async () => {
    const store = makeGated();
    const stage = makeStage(store);
    const piece = makePiece(stage, 0);
    stage.verifier.verify(piece);
    await expect.poll(() => store.writes.length).toBe(1);
    expect(stage.said).toEqual([]);
    expect(stage.buffers.take(PIECE_LENGTH)).not.toBe(piece.bytes);
    store.writes[0]!.open();
    await stage.verifier.settled();
    expect(stage.said).toEqual(['verified 0']);
    expect(stage.buffers.take(PIECE_LENGTH)).toBe(piece.bytes);
  });

  test('a piece that could not be written is told with the reason, and others go on', async () => {
    const store = makeGated();
    const stage = makeStage(store);
    const pieces = [0, 1].map((index) => makePiece(stage, index));
    for (const piece of pieces) stage.verifier.verify(piece);
    await expect.poll(() => store.writes.length).toBe(2);
    store.writes[0]!.open(new StoreError('disk-full', 'no space left'));
    store.writes[0]!.open();
    await stage.verifier.settled();
    expect(stage.said).toEqual(['not stored 0: disk-full', 'verified 1']);
    const used = [stage.buffers.take(PIECE_LENGTH), stage.buffers.take(PIECE_LENGTH)];
    for (const { bytes } of pieces) expect(used).toContain(bytes);
  });

  test('settled waits for what is begun while it waits', async () => {
    const store = makeGated();
    const stage = makeStage(store);
    stage.verifier.verify(makePiece(stage, 0));
    const settled = stage.verifier.settled().then(() => [...stage.said]);
    await expect.poll(() => store.writes.length).toBe(1);
    stage.verifier.verify(makePiece(stage, 1));
    await expect.poll(() => store.writes.length).toBe(2);
    store.writes[0]!.open();
    store.writes[0]!.open();
    expect(await settled).toEqual(['verified 0', 'verified 1']);
  });
});

test('settled at once when nothing is under way', async () => {
  const store = new MemoryStore({ chunkLength: PIECE_LENGTH, totalLength: layout.totalLength });
  await makeStage(store).verifier.settled();
});
