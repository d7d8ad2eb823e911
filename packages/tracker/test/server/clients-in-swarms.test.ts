/** Which client a peer is: who may take it away, and where it is found again. */
import { expect, test } from 'vitest';
import { announceOf, countsOf, makeStore, peersOf, scrape } from './swarm-fixtures.ts';

test('takes nobody away who began where another client has just ended', () => {
  const store = makeStore();
  store.announce(announceOf(1, 1, { clientTag: 3 }));
  store.announce(announceOf(1, 1, { clientTag: 5 }));
  const late = announceOf(1, 1, { clientTag: 3, isStopped: true });
  store.announce(late);
  expect([late.leecherCount, scrape(store, 1).leecherCount]).toEqual([1, 1]);
  store.announce(announceOf(1, 1, { clientTag: 5, isStopped: true }));
  expect(store.peerCount).toBe(0);
});

test('a client without a key is taken away by whoever speaks from its address, as ever', () => {
  const store = makeStore();
  store.announce(announceOf(1, 1, { clientTag: 4 }));
  store.announce(announceOf(1, 1, { clientTag: 6, isStopped: true }));
  expect(store.peerCount).toBe(0);
});

test('whoever announces has its address, so a client that comes back with a new key is not shut out', () => {
  const store = makeStore();
  for (const clientTag of [3, 5, 2, 0, 7]) {
    store.announce(announceOf(1, 1, { clientTag, isSeeder: clientTag === 5 }));
    expect(store.peerCount).toBe(1);
    expect(scrape(store, 1).seederCount).toBe(Number(clientTag === 5));
  }
});

test('lets a client that has moved leave where it was, within its family and swarm', () => {
  const store = makeStore();
  const move = { clientTag: 3, nowMs: 60_000 };
  for (const family of [4, 6] as const)
    for (const torrent of [1, 2]) store.announce(announceOf(torrent, 1, { family, clientTag: 3 }));
  const moved = announceOf(1, 2, { ...move, isSeeder: true, hasCompleted: true });
  store.announce(moved);
  expect(countsOf(moved)).toEqual({ seederCount: 1, leecherCount: 1, completedCount: 1 });
  const who = announceOf(1, 9, { isStopped: true });
  expect(peersOf(store, who, 4, 10)).toEqual([2]);
  expect(peersOf(store, who, 6, 10)).toEqual([1]);
  expect(scrape(store, 2).leecherCount).toBe(2);
});

test('leaves its addresses to a client that has several, and to those without a key', () => {
  for (const [clientTag, laterMs] of [
    [3, 59_000],
    [2, 90_000],
    [0, 90_000],
  ] as const) {
    const store = makeStore();
    store.announce(announceOf(1, 1, { clientTag }));
    store.announce(announceOf(1, 2, { clientTag, nowMs: laterMs }));
    expect(store.peerCount).toBe(2);
  }
});
