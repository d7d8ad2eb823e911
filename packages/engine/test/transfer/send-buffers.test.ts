import { BLOCK_LENGTH } from '@shoal/units';
import { expect, test } from 'vitest';
import { SEND_LENGTH, SendBuffers } from '../../src/transfer/send-buffers.ts';

test('a buffer is used again once it was given back, and never before', () => {
  const buffers = new SendBuffers();
  const first = buffers.take(BLOCK_LENGTH);
  const second = buffers.take(BLOCK_LENGTH);
  expect(second).not.toBe(first);
  buffers.giveBack(first);
  expect(buffers.take(1)).toBe(first);
  expect(buffers.take(1)).not.toBe(first);
});

test('it holds what was asked for, also when that is more than usual', () => {
  const buffers = new SendBuffers();
  expect(buffers.take(1)).toHaveLength(SEND_LENGTH);
  const long = buffers.take(SEND_LENGTH + 1);
  expect(long).toHaveLength(SEND_LENGTH + 1);
  buffers.giveBack(long);
  expect(buffers.take(SEND_LENGTH + 1)).not.toBe(long);
});

test('no more than sixteen lie unused', () => {
  const buffers = new SendBuffers();
  const taken = Array.from({ length: 20 }, () => buffers.take(1));
  for (const buffer of taken) buffers.giveBack(buffer);
  const again = Array.from({ length: 20 }, () => buffers.take(1));
  expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(16);
});

test('cleared, it keeps none', () => {
  const buffers = new SendBuffers();
  const buffer = buffers.take(1);
  buffers.giveBack(buffer);
  buffers.clear();
  expect(buffers.take(1)).not.toBe(buffer);
});
