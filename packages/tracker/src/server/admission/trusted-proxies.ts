/**
 * The machines whose word on addresses is taken: reverse proxies in front of us, by X-Forwarded-For,
 * and hosts that announce for others, by `ip=`. Everybody else is known by the address it speaks from.
 */
import { BlockList } from 'node:net';
import { parseIp, peerAddressFromBytes } from '@shoal/units';

/** The end of the header that is looked at, in characters: a chain of some forty proxies. */
const MAX_FORWARDED_LENGTH = 2_048;

export class TrustedProxies {
  readonly #list = new BlockList();

  /**
   * @param networks - addresses or networks: `10.0.0.0/8`, `192.0.2.1`, `2001:db8::/32`
   * @throws RangeError for anything else
   */
  constructor(networks: readonly string[]) {
    for (const network of networks) this.#add(network);
  }

  /** @param ip - the text of an address */
  trusts(ip: string): boolean {
    const bytes = parseIp(ip);
    if (bytes === undefined) return false;
    const { host, family } = peerAddressFromBytes(bytes, 1);
    return this.#list.check(host, family === 4 ? 'ipv4' : 'ipv6');
  }

  /**
   * Who speaks through a trusted proxy: the last address in the header that is no trusted proxy, for
   * the ones before it may be made up. The first one when all are trusted.
   * @param forwardedFor - the values of X-Forwarded-For, joined by commas
   * @returns undefined when the header names no address there: nobody knows who it is, and least of
   * all it is the proxy
   */
  clientOf(forwardedFor: string): string | undefined {
    const parts = forwardedFor.slice(-MAX_FORWARDED_LENGTH).split(',');
    // Where the rest was cut off, the first part is not all of an address.
    if (forwardedFor.length > MAX_FORWARDED_LENGTH) parts.shift();
    let client: string | undefined;
    for (const part of parts.reverse()) {
      const bytes = parseIp(withoutPort(part.trim()));
      if (bytes === undefined) return undefined;
      client = peerAddressFromBytes(bytes, 1).host;
      if (!this.trusts(client)) return client;
    }
    return client;
  }

  #add(network: string): void {
    const [, ip, lengthText] = /^([0-9A-Fa-f:.]+)(?:\/(\d{1,3}))?$/.exec(network) ?? [];
    const bytes = ip === undefined ? undefined : parseIp(ip);
    const longest = 8 * (bytes?.length ?? 0);
    const length = lengthText === undefined ? longest : Number(lengthText);
    if (bytes === undefined || length > longest)
      throw new RangeError(`neither an address nor a network: ${network}`);
    const { host, family } = peerAddressFromBytes(bytes, 1);
    this.#list.addSubnet(host, length, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** Some proxies write the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]+)\]):\d+$/.exec(text)?.slice(1).join('') ?? text;
}
