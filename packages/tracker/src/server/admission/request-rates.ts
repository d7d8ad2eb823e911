/**
 * How often an address may ask, for each kind of request by itself: who is out of announces can still
 * say that it leaves, and one who scrapes too much can still announce.
 */
import type { Random } from '@shoal/units';
import type { Announce } from '../swarm/swarm-store.ts';
import { type AddressRate, AddressRates } from './address-rates.ts';

/**
 * Connects a minute that an address has at least. They come without a proof of where from: with fewer
 * somebody could use up those of another, and nothing is gained, because an answer of 16 bytes to 16
 * floods nobody.
 */
const LEAST_CONNECTS_PER_MINUTE = 6_000;

/** Each takes one request from the address in `announce`: milliseconds until one may come, 0 for now. */
export class RequestRates {
  readonly #announces: AddressRates;
  readonly #stops: AddressRates;
  readonly #scrapes: AddressRates;
  readonly #connects: AddressRates;

  constructor(rate: AddressRate, random: Random) {
    const { perMinute, burst = perMinute } = rate;
    this.#announces = new AddressRates(rate, random);
    this.#stops = new AddressRates(rate, random);
    this.#scrapes = new AddressRates(rate, random);
    const least = LEAST_CONNECTS_PER_MINUTE;
    const connects = { perMinute: Math.max(perMinute, least), burst: Math.max(burst, least) };
    this.#connects = new AddressRates({ ...rate, ...connects }, random);
  }

  takeAnnounce(announce: Announce): number {
    return (announce.isStopped ? this.#stops : this.#announces).take(announce);
  }

  takeScrape(announce: Announce): number {
    return this.#scrapes.take(announce);
  }

  takeConnect(announce: Announce): number {
    return this.#connects.take(announce);
  }
}
