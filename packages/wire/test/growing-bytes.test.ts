import { expect, test } from 'vitest';
import { GrowingBytes } from '../src/growing-bytes.ts';

test('a stranger who announces 1 MiB and sends little takes little memory', () => {
  const bytes = new GrowingBytes(1_048_576, 0);
  for (let sent = 0; sent < 10_000; sent += 100) bytes.append(new Uint8Array(100).fill(7), 0, 100);
  expect(bytes.bytes.length).toBe(10_000);
  expect(bytes.bytes.buffer.byteLength).toBeLessThanOrEqual(20_000);
});

test('never takes more than was announced', () => {
  const bytes = new GrowingBytes(5000, 0);
  for (let at = 0; at < 5000; at++) bytes.append(Uint8Array.of(0, at), 1, 2);
  expect(bytes.bytes.buffer.byteLength).toBe(5000);
  expect(bytes.bytes[4999]).toBe(4999 & 255);
});
