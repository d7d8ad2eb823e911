/** From where an address can be reached: what decides whom we let a torrent make us talk to. Pure. */
import { BlockList } from 'node:net';
import { parseIp } from '@shoal/units';

/** `own`: this machine or its link; `private`: this network; `global`: everything else. */
export type AddressScope = 'own' | 'private' | 'global';

const OWN = subnets([
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['::', 96],
  ['fe80::', 10],
]);

const PRIVATE = subnets([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['fc00::', 7],
  ['64:ff9b:1::', 48],
]);

/** What a translator sends on over IPv4: the last 32 bits are the address. RFC 6052. */
const TRANSLATED = subnets([['64:ff9b::', 96]]);

/** @param ip - an IP address in text; IPv4 inside IPv6 (mapped, translated) counts as IPv4 */
export function addressScope(ip: string): AddressScope {
  const family = ip.includes(':') ? 'ipv6' : 'ipv4';
  if (family === 'ipv6' && TRANSLATED.check(ip, family))
    return addressScope(parseIp(ip)!.subarray(12).join('.'));
  if (OWN.check(ip, family)) return 'own';
  return PRIVATE.check(ip, family) ? 'private' : 'global';
}

/** The narrower a scope, the smaller its number. */
const RANK: Readonly<Record<AddressScope, number>> = { own: 0, private: 1, global: 2 };

/** Whether going from one address to another leads behind a wall that the first stands before. */
export function leadsInward(fromIp: string, toIp: string): boolean {
  return RANK[addressScope(toIp)] < RANK[addressScope(fromIp)];
}

function subnets(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ranges)
    list.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}
