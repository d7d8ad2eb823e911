import { seededRandom } from '@shoal/testkit';
import { parseIp } from '@shoal/units';
import { beforeEach, expect, test } from 'vitest';
import { AddressRates } from '../../../src/server/admission/address-rates.ts';
import { Announce } from '../../../src/server/swarm/swarm-store.ts';

let rates: AddressRates;
const announce = new Announce();

beforeEach(() => {
  rates = new AddressRates({ perMinute: 6, burst: 3 }, seededRandom(1));
});

/** Milliseconds to wait, 0 when the announce may come. */
function take(ip: string, nowMs: number): number {
  announce.family = ip.includes(':') ? 6 : 4;
  announce.peer.fill(0);
  announce.peer.set(parseIp(ip)!);
  announce.nowMs = nowMs;
  return rates.take(announce);
}

test('lets a burst in, then the steady rate, and says how long to wait', () => {
  expect([1, 2, 3].map(() => take('192.0.2.1', 0))).toEqual([0, 0, 0]);
  expect(take('192.0.2.1', 0)).toBe(10_000);
  expect(take('192.0.2.1', 4_000)).toBe(6_000);
  expect(take('192.0.2.1', 10_000)).toBe(0);
  expect(take('192.0.2.1', 10_000)).toBe(10_000);
});

test('who waits may come with a burst again', () => {
  for (let count = 0; count < 3; count++) take('192.0.2.1', 0);
  expect([1, 2, 3, 4].map(() => take('192.0.2.1', 60_000) === 0)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('a burst is a minute of announces unless it is given', () => {
  rates = new AddressRates({ perMinute: 2 }, seededRandom(1));
  expect([1, 2, 3].map(() => take('192.0.2.1', 0))).toEqual([0, 0, 30_000]);
});

test('takes everything from this machine where that is asked for, and from no other', () => {
  rates = new AddressRates({ perMinute: 1, sparesLoopback: true }, seededRandom(1));
  for (const ip of ['127.0.0.1', '127.9.9.9', '::1'])
    expect([1, 2, 3].map(() => take(ip, 0))).toEqual([0, 0, 0]);
  for (const ip of ['128.0.0.1', '::2', '1::1']) {
    expect(take(ip, 0)).toBe(0);
    expect(take(ip, 0)).toBeGreaterThan(0);
  }
});

test('an IPv6 customer is one address, whatever it makes of its 64 bits', () => {
  for (let host = 1; host <= 3; host++) expect(take(`2001:db8::${host}`, 0)).toBe(0);
  expect(take('2001:db8::4', 0)).toBeGreaterThan(0);
  expect(take('2001:db8:0:1::1', 0)).toBe(0);
});

test('a flood from 20,000 addresses holds back fewer than 3 others in 100', () => {
  for (let host = 0; host < 20_000; host++)
    for (let count = 0; count < 4; count++)
      take(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`, 0);
  let heldBack = 0;
  for (let host = 0; host < 1_000; host++)
    if (take(`192.168.${host >> 8}.${host & 255}`, 0) > 0) heldBack++;
  expect(heldBack).toBeLessThan(30);
});
