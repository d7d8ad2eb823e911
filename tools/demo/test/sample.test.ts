import { expect, test } from 'vitest';
import { FILE_COUNT, fileLengths, SAMPLE_LENGTH } from '../src/sample.ts';
import { scrapeUrl } from '../src/seeder-count.ts';

test('shares files of many lengths that are 64 MiB together', () => {
  const lengths = fileLengths();
  expect(new Set(lengths).size).toBe(FILE_COUNT);
  expect(Math.min(...lengths)).toBeGreaterThan(0);
  expect(lengths.reduce((total, length) => total + length, 0)).toBe(SAMPLE_LENGTH);
});

test('asks the tracker for one torrent, byte by byte', () => {
  const url = scrapeUrl('127.0.0.1:6969', '00ff41'.padEnd(40, '0'));
  expect(url.startsWith('http://127.0.0.1:6969/scrape?info_hash=%00%ff%41%00')).toBe(true);
});
