import { parsePeerAddress } from '@shoal/units';
import { expect, test } from 'vitest';
import { AddressBook } from '../../src/peers/address-book.ts';
import type { KnownPeer } from '../../src/peers/known-peer.ts';
import type { PeerSource } from '../../src/state/snapshot.ts';

function peer(text: string, changes: Partial<KnownPeer> = {}): KnownPeer {
  return {
    address: parsePeerAddress(text, 6881)!,
    source: 'tracker',
    isSeeder: false,
    isKept: false,
    status: 'idle',
    failureCount: 0,
    hold: undefined,
    readyAtMs: 0,
    dialledAtMs: undefined,
    connectedAtMs: undefined,
    lot: 0,
    ...changes,
  };
}

/** Adds a peer if there is room. @returns whether there was */
function offer(book: AddressBook<KnownPeer>, newcomer: KnownPeer): boolean {
  const hasRoom = book.makeRoom(newcomer.address, newcomer.source);
  if (hasRoom) book.add(newcomer);
  return hasRoom;
}

const hosts = (book: AddressBook<KnownPeer>): string[] =>
  Array.from(book.values(), ({ address }) => address.host);

test('eight ports of one host are kept, so that no one aims the swarm at a victim', () => {
  const book = new AddressBook();
  for (let port = 1; port <= 50; port++) offer(book, peer(`10.0.0.1:${port}`));
  expect(book.size).toBe(8);
  book.remove(book.find(parsePeerAddress('10.0.0.1:1', 6881)!)!);
  expect(offer(book, peer('10.0.0.1:99'))).toBe(true);
  expect(offer(book, peer('10.0.0.1:98'))).toBe(false);
  for (let port = 1; port <= 50; port++) offer(book, peer(`127.0.0.1:${port}`));
  expect(book.size).toBe(58);
});

test('as many addresses of one /64 of IPv6 are kept as of one IPv4 address', () => {
  const book = new AddressBook();
  for (let n = 1; n <= 20; n++) {
    offer(book, peer(`203.0.113.1:${7000 + n}`));
    offer(book, peer(`[2001:db8:0:1::${n}]:6881`));
    offer(book, peer(`[2001:db8:0:${n + 1}::1]:6881`));
    offer(book, peer(`[fe80::${n}]:6881`));
  }
  const count = (start: string) => hosts(book).filter((host) => host.startsWith(start)).length;
  expect(count('203.0.113.1')).toBe(8);
  expect(count('2001:db8:0:1::')).toBe(8);
  expect(count('2001:db8:')).toBe(8 + 20);
  expect(count('fe80::')).toBe(20);
});

test('when it is full, one that failed gives way, the stalest first', () => {
  const book = new AddressBook(3);
  book.add(peer('10.0.0.1'));
  book.add(peer('10.0.0.2', { failureCount: 1, dialledAtMs: 20 }));
  book.add(peer('10.0.0.3', { failureCount: 2, dialledAtMs: 10 }));
  expect(offer(book, peer('10.0.0.4'))).toBe(true);
  expect(hosts(book)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.4']);
});

test('when it is full, the less trusted give way to the more trusted only', () => {
  const book = new AddressBook(1);
  const tries: [string, PeerSource, boolean][] = [
    ['10.0.0.1', 'pex', true],
    ['10.0.0.2', 'pex', false],
    ['10.0.0.3', 'tracker', true],
    ['10.0.0.4', 'dht', false],
    ['10.0.0.5', 'lsd', true],
  ];
  for (const [host, source, taken] of tries)
    expect(offer(book, peer(host, { source }))).toBe(taken);
});

test.each([
  ['connected', { status: 'connected' }],
  ['dialled', { status: 'dialling' }],
  ["the user's", { isKept: true }],
] as const)('one that is %s never gives way', (_name, changes) => {
  const book = new AddressBook(1);
  book.add(peer('10.0.0.1', { source: 'pex', failureCount: 1, ...changes }));
  expect(offer(book, peer('10.0.0.2', { source: 'lsd' }))).toBe(false);
  expect(hosts(book)).toEqual(['10.0.0.1']);
});
