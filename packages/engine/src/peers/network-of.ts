/** Which addresses count as one place when strangers are counted. Pure. */
import { type PeerAddress, parseIp, scopeOf } from '@shoal/units';

/**
 * The IPv4 address itself; of IPv6 the /64 that one line is given, as whoever has it can make up
 * addresses at will. Those of the local network count one by one: all of it shares a /64.
 */
export function networkOf({ host, family }: PeerAddress): string {
  if (family === 4 || scopeOf(host) !== 'global') return host;
  return Buffer.from(parseIp(host)!.subarray(0, 8)).toString('hex');
}
