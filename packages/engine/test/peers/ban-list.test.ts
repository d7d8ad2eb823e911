import { expect, test } from 'vitest';
import { BanList } from '../../src/peers/ban-list.ts';

test('a banned host is known with its first reason', () => {
  const bans = new BanList();
  bans.ban('10.0.0.1', 'sent a bad piece');
  bans.ban('10.0.0.1', 'sent another');
  expect(bans.has('10.0.0.1')).toBe(true);
  expect(bans.has('10.0.0.2')).toBe(false);
  expect(bans.entries()).toEqual([{ host: '10.0.0.1', reason: 'sent a bad piece' }]);
});

test('past its limit the oldest ban goes, and a ban said again counts as fresh', () => {
  const bans = new BanList(2);
  for (const host of ['a', 'b', 'a', 'c']) bans.ban(host, 'bad');
  expect(bans.entries().map(({ host }) => host)).toEqual(['a', 'c']);
});
