import { expect, test } from 'vitest';

interface Format {
  formatCount(count: number): string;
  formatRate(rate: number): string;
  formatShare(share: number): string;
  formatLength(length: number): string;
  formatDuration(seconds: number): string;
  formatShortTime(seconds: number): string;
  readInfoHash(text: string): string | undefined;
}

const path = new URL('../../src/admin/page/format.js', import.meta.url).href;
const format = (await import(path)) as Format;

test.each([
  ['formatCount', 1_234_567, '1,234,567'],
  ['formatRate', 0, '0'],
  ['formatRate', 0.24, '0.2'],
  ['formatRate', 12.6, '13'],
  ['formatShare', 0.0001, '<0.1%'],
  ['formatShare', 0, '0.0%'],
  ['formatShare', 0.425, '42.5%'],
  ['formatLength', 0, '0 B'],
  ['formatLength', 1_536, '1.5 KiB'],
  ['formatLength', 125_000_000, '119 MiB'],
  ['formatShortTime', 0.000_007_21, '7.2 µs'],
  ['formatShortTime', 0.000_45, '450 µs'],
  ['formatShortTime', 0.0031, '3.1 ms'],
  ['formatShortTime', 1, '1.0 s'],
  ['formatDuration', 42.9, '42 s'],
  ['formatDuration', 125, '2 min 5 s'],
  ['formatDuration', 7_260, '2 h 1 min'],
  ['formatDuration', 266_400, '3 d 2 h'],
] as const)('%s of %d is %s', (name, number, text) => {
  expect(format[name](number)).toBe(text);
});

const HEX = '00112233445566778899aabbccddeeff00112233';

test.each([
  [HEX, HEX],
  [`  ${HEX.toUpperCase()} `, HEX],
  [`magnet:?xt=urn:btih:${HEX}&dn=a`, HEX],
  [`magnet:?dn=a&xt=urn:btih:AAISEM2EKVTHPCEZVK54ZXPO74ABCIRT`, HEX],
  ['AAISEM2EKVTHPCEZVK54ZXPO74ABCIRT', undefined],
  [HEX.slice(1), undefined],
  [`${HEX}0`, undefined],
  [`magnet:?xt=urn:btih:${HEX}0`, undefined],
  ['<img src=x onerror=alert(1)>', undefined],
  ['', undefined],
])('the infohash in %j is %s', (text, infoHash) => {
  expect(format.readInfoHash(text)).toBe(infoHash);
});
