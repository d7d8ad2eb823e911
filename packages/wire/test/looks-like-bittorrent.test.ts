import { expect, test } from 'vitest';
import { looksLikeBitTorrent } from '../src/index.ts';

const header = new TextEncoder().encode('\x13BitTorrent protocol........');

test('is undecided while every byte is right, and true with the twentieth', () => {
  for (let length = 0; length < 20; length++)
    expect(looksLikeBitTorrent(header, length)).toBeUndefined();
  expect(looksLikeBitTorrent(header, 20)).toBe(true);
  expect(looksLikeBitTorrent(header, header.length)).toBe(true);
});

test('is false at the first byte that differs, also for a key that begins with 19', () => {
  for (let wrong = 0; wrong < 20; wrong++) {
    const bytes = header.slice();
    bytes[wrong]! ^= 0x80;
    expect(looksLikeBitTorrent(bytes, wrong)).toBeUndefined();
    expect(looksLikeBitTorrent(bytes, wrong + 1)).toBe(false);
  }
});
