import { expect, test } from 'vitest';
import { hostOf, type ShoalEvent } from '../src/clients/shoal-peer.ts';
import { giftTable } from '../src/gift-table.ts';

const left = (
  address: string,
  downloaded: number,
  uploaded: number,
  infoHash = 'a',
): ShoalEvent => ({
  event: 'peer',
  state: 'left',
  infoHash,
  address,
  downloaded,
  uploaded,
});

test('an address is cut down to its host, in both families', () => {
  expect(hostOf('10.77.0.3:6881')).toBe('10.77.0.3');
  expect(hostOf('[fd77::3]:51413')).toBe('fd77::3');
});

test('what either end told counts, the greater of the two', () => {
  const one = {
    name: 'one',
    addresses: ['10.0.0.1', 'fd77::1'],
    events: [left('10.0.0.2:1', 0, 3 * 1024), left('[fd77::2]:2', 1024, 1024)],
  };
  const two = {
    name: 'two',
    addresses: ['10.0.0.2', 'fd77::2'],
    events: [left('10.0.0.1:9', 7 * 1024, 0), left('10.0.0.1:9', 1024, 0, 'other')],
  };
  const rows = giftTable([one, two], 'a')
    .split('\n')
    .map((row) => row.trim().split(/\s+/).slice(-3));
  expect(rows).toEqual([
    ['one', 'two', 'sum'],
    ['-', '7', '7'],
    ['1', '-', '1'],
  ]);
});
