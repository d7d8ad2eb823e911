import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK_LENGTH, type PieceIndex, PieceLayout } from '../src/index.ts';

test('pieces and blocks cover every byte once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000_000 }),
      fc.integer({ min: 1, max: 300_000 }),
      (total, pieceLength) => {
        fc.pre(total / pieceLength < 5_000);
        const layout = new PieceLayout(total, pieceLength);
        let bytes = 0;
        for (let i = 0; i < layout.pieceCount; i++) {
          const index = layout.pieceIndex(i) as PieceIndex;
          expect(layout.offsetOf(index)).toBe(bytes);
          for (let block = 0; block < layout.blockCount(index); block++) {
            const length = layout.blockLength(index, block);
            expect(length).toBeGreaterThan(0);
            expect(layout.isBlock(index, block * BLOCK_LENGTH, length)).toBe(true);
            bytes += length;
          }
        }
        expect(bytes).toBe(total);
      },
    ),
  );
});

test('numbers from outside pass one gate', () => {
  const layout = new PieceLayout(100_000, 32_768);
  expect(layout.pieceCount).toBe(4);
  expect([0, 3].map((n) => layout.pieceIndex(n))).toEqual([0, 3]);
  for (const bad of [-1, 4, 0.5, Number.NaN, 2 ** 32])
    expect(layout.pieceIndex(bad)).toBeUndefined();
});

test('an empty torrent has no piece', () => {
  expect(new PieceLayout(0, 16_384).pieceCount).toBe(0);
});

test('refuses lengths that are none', () => {
  expect(() => new PieceLayout(-1, 16_384)).toThrow(RangeError);
  expect(() => new PieceLayout(1, 0)).toThrow(RangeError);
});
