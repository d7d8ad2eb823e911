/** Which addresses count as one place when strangers are counted. Pure. */
import { type PeerAddress, parseIp } from '@shoal/units';

/**
 * The IPv4 address itself; of IPv6 the /64 that one line is given, as whoever has it can make up
 * addresses at will. Those of the local network count one by one: all of it shares a /64.
 */
export function networkOf({ host, family }: PeerAddress): string {
  if (family === 4 || host === '::1') return host;
  const ip = parseIp(host)!;
  const isUniqueLocal = (ip[0]! & 0xfe) === 0xfc;
  const isLinkLocal = ip[0] === 0xfe && (ip[1]! & 0xc0) === 0x80;
  return isUniqueLocal || isLinkLocal ? host : Buffer.from(ip.subarray(0, 8)).toString('hex');
}
