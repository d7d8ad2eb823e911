/** How far an IP address reaches: what decides whom a stranger's word may make us talk to. Pure. */
import { parseIp } from './peer-address.ts';
import { isInAny, toSubnets } from './subnet.ts';

/**
 * From near to far: no address of one host (multicast, broadcast, unspecified, no address at all),
 * this machine, its link, a network that is not routed on the internet, everything else.
 */
export type AddressScope = 'none' | 'loopback' | 'link' | 'private' | 'global';

/** The first that holds an address counts. RFC 1122, 1918, 2544, 3927, 4193, 4291, 6598, 8215. */
const NETWORKS = (
  [
    ['loopback', '127.0.0.0/8', '::1/128'],
    ['none', '0.0.0.0/8', '224.0.0.0/3', '::/96', 'ff00::/8'],
    ['link', '169.254.0.0/16', 'fe80::/10'],
    ['private', '10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'],
    ['private', 'fc00::/7', '64:ff9b:1::/48'],
  ] as const
).map(([scope, ...cidrs]) => ({ scope, subnets: cidrs.flatMap(toSubnets) }));

/** What a translator sends on over IPv4: the last 32 bits are the address. RFC 6052. */
const TRANSLATED = toSubnets('64:ff9b::/96');

/** From near to far. */
const REACH: Readonly<Record<AddressScope, number>> = {
  none: 0,
  loopback: 1,
  link: 2,
  private: 3,
  global: 4,
};

/** The scope of an IP address in text; IPv4 inside IPv6 (mapped, translated) counts as IPv4. */
export function scopeOf(host: string): AddressScope {
  const ip = parseIp(host);
  if (ip === undefined) return 'none';
  const reached = isInAny(ip, TRANSLATED) ? ip.subarray(12) : ip;
  return NETWORKS.find(({ subnets }) => isInAny(reached, subnets))?.scope ?? 'global';
}

/** Whether going from one scope to another leads behind a wall that the first stands before. */
export function leadsInward(from: AddressScope, to: AddressScope): boolean {
  return REACH[to] < REACH[from];
}

/**
 * Whether a teller is believed about a peer: nobody is about addresses nearer than his own, so that no
 * stranger aims us at our own network.
 */
export function isBelievable(peer: AddressScope, teller: AddressScope): boolean {
  return peer !== 'none' && !leadsInward(teller, peer);
}
