/** How far an IP address reaches. */
import { parseIp } from '@shoal/units';

/** From near to far; `none` for what is no address of one host (multicast, broadcast, unspecified). */
export type AddressScope = 'loopback' | 'local' | 'global' | 'none';

/** Networks whose addresses are not routed on the internet. RFC 1918, 3927, 4193, 4291, 6598. */
const LOCAL_NETWORKS = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
].flatMap(toSubnets);
const LOOPBACK_NETWORKS = ['127.0.0.0/8', '::1/128'].flatMap(toSubnets);
const NO_HOST_NETWORKS = ['0.0.0.0/8', '224.0.0.0/3', '::/128', 'ff00::/8'].flatMap(toSubnets);

/** A range of addresses: the first `prefixLength` bits are the network's. */
export interface Subnet {
  /** 4 or 16 bytes. */
  readonly ip: Uint8Array;
  readonly prefixLength: number;
}

/** The scope of an IP address in text; `none` for what is no IP address. */
export function scopeOf(host: string): AddressScope {
  const ip = parseIp(host);
  if (ip === undefined || isInAny(ip, NO_HOST_NETWORKS)) return 'none';
  if (isInAny(ip, LOOPBACK_NETWORKS)) return 'loopback';
  return isInAny(ip, LOCAL_NETWORKS) ? 'local' : 'global';
}

/** From near to far. */
const REACH: Readonly<Record<AddressScope, number>> = { none: 0, loopback: 1, local: 2, global: 3 };

/**
 * Whether a teller is believed about a peer: nobody is about addresses nearer than his own, so that no
 * stranger aims us at our own network.
 */
export function isBelievable(peer: AddressScope, teller: AddressScope): boolean {
  return peer !== 'none' && REACH[peer] >= REACH[teller];
}

/** Whether an address lies in one of the networks. */
export function isInAny(ip: Uint8Array, subnets: readonly Subnet[]): boolean {
  return subnets.some((subnet) => isInside(ip, subnet));
}

/** Reads `10.0.0.0/8`, as `os.networkInterfaces()` gives it in `cidr`: one subnet, none for what is no network. */
export function toSubnets(cidr: string): Subnet[] {
  const [host, bits] = cidr.split('/');
  const ip = parseIp(host ?? '');
  return ip === undefined || bits === undefined ? [] : [{ ip, prefixLength: Number(bits) }];
}

function isInside(ip: Uint8Array, { ip: network, prefixLength }: Subnet): boolean {
  if (ip.length !== network.length) return false;
  for (let bit = 0; bit < prefixLength; bit += 8) {
    const mask = bit + 8 <= prefixLength ? 255 : (255 << (8 - (prefixLength - bit))) & 255;
    if ((ip[bit >> 3]! & mask) !== (network[bit >> 3]! & mask)) return false;
  }
  return true;
}
