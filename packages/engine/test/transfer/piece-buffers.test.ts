import { expect, test } from 'vitest';
import { PieceBuffers } from '../../src/transfer/piece-buffers.ts';

const PIECE_LENGTH = 1_000;

test('a piece has memory of its own until it is given back', () => {
  const buffers = new PieceBuffers(PIECE_LENGTH, 2 * PIECE_LENGTH);
  const first = buffers.take(PIECE_LENGTH);
  expect(buffers.take(PIECE_LENGTH)).not.toBe(first);
  buffers.giveBack(first);
  expect(buffers.take(PIECE_LENGTH)).toBe(first);
});

test('the short last piece gets just its length', () => {
  const buffers = new PieceBuffers(PIECE_LENGTH, 2 * PIECE_LENGTH);
  expect(buffers.take(10)).toHaveLength(10);
});

test('unused memory is bounded, but one buffer is always kept', () => {
  const buffers = new PieceBuffers(PIECE_LENGTH, 100);
  const [first, second] = [buffers.take(PIECE_LENGTH), buffers.take(PIECE_LENGTH)];
  buffers.giveBack(first);
  buffers.giveBack(second);
  expect(buffers.take(PIECE_LENGTH)).toBe(first);
  expect(buffers.take(PIECE_LENGTH)).not.toBe(second);
});

test('cleared, it keeps none', () => {
  const buffers = new PieceBuffers(PIECE_LENGTH, PIECE_LENGTH);
  const buffer = buffers.take(PIECE_LENGTH);
  buffers.giveBack(buffer);
  buffers.clear();
  expect(buffers.take(PIECE_LENGTH)).not.toBe(buffer);
});
