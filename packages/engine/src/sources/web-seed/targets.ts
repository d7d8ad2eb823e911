/** Where the URLs of a web seed lead, and which of them may be asked. Threat: a torrent that aims us at our own network. */
import { isIP, type LookupFunction } from 'node:net';
import type { Resolve } from '@shoal/tracker/client';
import { leadsInward, scopeOf } from '@shoal/units';
import { WebSeedError } from './web-seed-error.ts';

/** A URL with the addresses it was found to have: the connection goes to these and no others. */
export interface Target {
  readonly url: URL;
  readonly ips: readonly string[];
  /** For `http.request`: the name is not looked up a second time. */
  readonly lookup: LookupFunction;
}

export class Targets {
  readonly #resolve: Resolve;
  /** What each name led to at first: later answers may not lead further inward (DNS rebinding). */
  readonly #firstIps = new Map<string, readonly string[]>();

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  /**
   * @param from - the target that redirects here; it may not lead into a network that it is outside of
   * @throws WebSeedError `refused`, `broken` when the name has no address; the signal's reason when it fires
   */
  async find(url: URL, signal: AbortSignal, from?: Target): Promise<Target> {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new WebSeedError('refused', `${url.protocol} is no scheme of web seeds`);
    const addresses = await this.#addressesOf(url, signal);
    const ips = addresses.map(({ address }) => address);
    const firstIps = this.#firstIps.get(url.host) ?? ips;
    this.#firstIps.set(url.host, firstIps);
    if (isInward(firstIps, ips) || (from !== undefined && isInward(from.ips, ips)))
      throw new WebSeedError('refused', `${url.host} leads into a network it is outside of`);
    // Servers of our own network are asked for files, and not to do something.
    if (url.search !== '' && ips.some((ip) => scopeOf(ip) !== 'global'))
      throw new WebSeedError('refused', `${url.host} is local, and the URL has a query`);
    return {
      url,
      ips,
      lookup: (_host, { all }, done) =>
        all ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family),
    };
  }

  async #addressesOf(
    { hostname, host }: URL,
    signal: AbortSignal,
  ): Promise<{ address: string; family: number }[]> {
    const bare = hostname.replace(/^\[|\]$/g, '');
    if (isIP(bare) !== 0) return [{ address: bare, family: isIP(bare) }];
    const found = await this.#resolve(bare, signal).catch(() => []);
    signal.throwIfAborted();
    if (found.length === 0) throw new WebSeedError('broken', `${host} has no address`);
    return [...found];
  }
}

function isInward(from: readonly string[], to: readonly string[]): boolean {
  return to.some((ip) => from.every((fromIp) => leadsInward(scopeOf(fromIp), scopeOf(ip))));
}
