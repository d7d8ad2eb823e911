import { expect, test } from 'vitest';
import { chooseRows } from '../src/choose-rows.ts';

const PARTS = ['transfer', 'tracker', 'create'];

test('runs every part and every row without words', () => {
  const choice = chooseRows([], PARTS);
  expect(choice.parts).toEqual(PARTS);
  expect(choice.includes('create, 1 GiB', 'mktorrent')).toBe(true);
});

test('a word that names a part chooses it, the others choose rows that have them all', () => {
  const choice = chooseRows(['tracker', 'udp', 'OpenTracker'], PARTS);
  expect(choice.parts).toEqual(['tracker']);
  expect(choice.includes('tracker, UDP, 1,000 torrents', 'opentracker')).toBe(true);
  expect(choice.includes('tracker, UDP, 1,000 torrents', 'bittorrent-tracker')).toBe(false);
  expect(choice.includes('tracker, HTTP, 1,000 torrents', 'opentracker')).toBe(false);
});
