import { seededRandom } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { RequestRates } from '../../../src/server/admission/request-rates.ts';
import { Announce } from '../../../src/server/swarm/swarm-store.ts';

test('announces, stopped and scrapes of an address are counted apart, each at its rate', () => {
  const rates = new RequestRates({ perMinute: 2 }, seededRandom(1));
  const announce = new Announce();
  const three = (take: () => number): number[] => [1, 2, 3].map(take);
  expect(three(() => rates.takeAnnounce(announce))).toEqual([0, 0, 30_000]);
  expect(three(() => rates.takeScrape(announce))).toEqual([0, 0, 30_000]);
  announce.isStopped = true;
  expect(three(() => rates.takeAnnounce(announce))).toEqual([0, 0, 30_000]);
});

test('connects are let in 6,000 a minute at least, more where more announces are', () => {
  const announce = new Announce();
  for (const [perMinute, most] of [
    [2, 6_000],
    [9_000, 9_000],
  ] as const) {
    const rates = new RequestRates({ perMinute }, seededRandom(1));
    let taken = 0;
    while (rates.takeConnect(announce) === 0) taken++;
    expect(taken).toBe(most);
  }
});
