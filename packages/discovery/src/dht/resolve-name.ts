/** IPv4 addresses of a name. */
import { lookup, Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';

/** @throws the system's error when the name has none, or nobody answers; anything once the signal fires */
export type ResolveName = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

/**
 * Asks the DNS in a way that ends with the signal: a `lookup` that nobody answers would keep the
 * process alive until it gives up, which takes it seconds for each name. Names that the DNS does not
 * have (`localhost`, those of the local network) are looked up all the same.
 */
export async function resolveIpv4(host: string, signal: AbortSignal): Promise<readonly string[]> {
  if (isIPv4(host)) return [host];
  if (isLocalName(host)) {
    const found = await lookup(host, { family: 4, all: true });
    return found.map(({ address }) => address);
  }
  const resolver = new Resolver();
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await resolver.resolve4(host);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** One label, or one of mDNS (RFC 6762). */
function isLocalName(host: string): boolean {
  return !host.includes('.') || /\.local\.?$/i.test(host);
}
