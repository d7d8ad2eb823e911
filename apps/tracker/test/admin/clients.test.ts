import { expect, test } from 'vitest';
import { readClientName } from '../../src/admin/client-names.ts';
import { clientShares } from '../../src/admin/client-shares.ts';

test.each([
  ['-SL0100-', 'Shoal', '0.1.0'],
  ['-qB4650-', 'qBittorrent', '4.6.5'],
  ['-TR4060-', 'Transmission', '4.0.6'],
  ['-TR3000-', 'Transmission', '3.00'],
  ['-TR2940-', 'Transmission', '2.94'],
  ['-UT355W-', 'µTorrent', '3.5.5'],
  ['-DE211s-', 'Deluge', '2.1.1'],
  ['-lt0D80-', 'rTorrent', '0.13.8'],
  ['-LT20B1-', 'libtorrent', '2.0.11.1'],
  ['-WW0208-', 'WebTorrent', '2.8'],
  ['-zz1230-', 'zz', '1.2.3'],
  ['A2-1-37-', 'aria2', '1.37'],
  ['M7-11-2-', 'BitTorrent', '7.11.2'],
  ['-SL0100', 'unnamed', ''],
  ['<script>', 'unnamed', ''],
  ['', 'unnamed', ''],
])('%s is %s %s', (prefix, name, version) => {
  expect(readClientName(prefix)).toEqual({ name, version });
});

test('adds up the versions of a client, the most frequent first, those without a name last', () => {
  const shares = clientShares(
    new Map([
      ['', 50],
      ['-TR4060-', 20],
      ['-qB4650-', 10],
      ['-qB5000-', 20],
    ]),
  );
  expect(shares).toEqual([
    {
      name: 'qBittorrent',
      share: 0.3,
      versions: [
        { version: '5.0.0', share: 0.2 },
        { version: '4.6.5', share: 0.1 },
      ],
    },
    { name: 'Transmission', share: 0.2, versions: [{ version: '4.0.6', share: 0.2 }] },
    { name: 'unnamed', share: 0.5, versions: [] },
  ]);
  expect(clientShares(new Map())).toEqual([]);
});

test('makes one row of the clients that are left', () => {
  const counts = new Map(
    Array.from({ length: 40 }, (_, number) => [
      `-A${String.fromCharCode(65 + (number % 26))}${1000 + number}-`,
      1,
    ]),
  );
  const shares = clientShares(counts);
  expect(shares).toHaveLength(12);
  expect(shares.at(-1)?.name).toBe('others');
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});
