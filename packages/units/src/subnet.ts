/** Ranges of IP addresses. Pure. */
import { parseIp } from './peer-address.ts';

/** The addresses whose first `prefixLength` bits are those of `ip`. */
export interface Subnet {
  /** 4 or 16 bytes. */
  readonly ip: Uint8Array;
  readonly prefixLength: number;
}

/** Whether an address of 4 or 16 bytes lies in one of the networks. */
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
