import { type PeerAddress, parsePeerAddress, toPeerId } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { BanList } from '../../src/peers/ban-list.ts';
import type { KnownBy } from '../../src/peers/former-peers.ts';

function at(text: string): PeerAddress {
  return parsePeerAddress(text)!;
}

/** The peer with this id; it dialled us, unless it is said that we did. */
function peer(address: string, id: number, isDialled = false): KnownBy {
  return {
    address: at(address),
    peerId: toPeerId(new Uint8Array(20).fill(id))!,
    dialled: isDialled ? at(address) : undefined,
  };
}

test('a banned host is known with its first reason', () => {
  const bans = new BanList();
  bans.banHost('10.0.0.1', 'sent a bad piece');
  bans.banHost('10.0.0.1', 'sent another');
  expect(bans.hasAddress(at('10.0.0.1:7000'))).toBe(true);
  expect(bans.hasPeer(peer('10.0.0.1:7000', 1))).toBe(true);
  expect(bans.hasAddress(at('10.0.0.2:7000'))).toBe(false);
  expect(bans.hosts()).toEqual([{ host: '10.0.0.1', reason: 'sent a bad piece' }]);
});

test('past its limit the oldest ban goes, and a ban said again counts as fresh', () => {
  const bans = new BanList(2);
  for (const host of ['a', 'b', 'a', 'c']) bans.banHost(host, 'bad');
  expect(bans.hosts().map(({ host }) => host)).toEqual(['a', 'c']);
});

describe('a banned peer', () => {
  test('is known by its id, whatever port it comes from', () => {
    const bans = new BanList();
    expect(bans.banPeer(peer('10.0.0.1:50001', 1), 'bad')).toBe(false);
    expect(bans.hasPeer(peer('10.0.0.1:50002', 1))).toBe(true);
    expect(bans.hasPeer(peer('10.0.0.1:50001', 2))).toBe(false);
    expect(bans.hasPeer(peer('10.0.0.2:50001', 1))).toBe(false);
    expect(bans.hasAddress(at('10.0.0.1:50001'))).toBe(false);
  });

  test('is known by the address it was dialled at, whatever id it takes', () => {
    const bans = new BanList();
    bans.banPeer(peer('10.0.0.1:6881', 1, true), 'bad');
    expect(bans.hasAddress(at('10.0.0.1:6881'))).toBe(true);
    expect(bans.hasPeer(peer('10.0.0.1:6881', 2, true))).toBe(true);
    expect(bans.hasPeer(peer('10.0.0.1:6882', 2, true))).toBe(false);
  });

  test('takes its IP address along when it is the third of it', () => {
    const bans = new BanList();
    const verdicts = [1, 1, 2, 3].map((id) => bans.banPeer(peer('10.0.0.1:50000', id), 'bad'));
    expect(verdicts).toEqual([false, false, false, true]);
    expect(bans.hosts()).toEqual([{ host: '10.0.0.1', reason: 'bad' }]);
  });

  test('never takes loopback along', () => {
    const bans = new BanList();
    for (const host of ['127.0.0.1:6881', '[::1]:6881'])
      for (let id = 1; id <= 9; id++) expect(bans.banPeer(peer(host, id), 'bad')).toBe(false);
    expect(bans.hasPeer(peer('127.0.0.1:6881', 10))).toBe(false);
  });
});
