/** Which addresses are this machine's. */
import { networkInterfaces } from 'node:os';
import { isLoopback, parseIp, peerAddressFromBytes } from '@shoal/units';

/** Whether an IP address is one of this machine's: of its loopback, or of a network interface. */
export function isOwnAddress(ip: string): boolean {
  const bytes = parseIp(ip);
  if (bytes === undefined) return false;
  const { host, family } = peerAddressFromBytes(bytes, 1);
  if (isLoopback({ host, family, port: 1 })) return true;
  return interfaceAddresses().some(({ address }) => sameIp(address, host));
}

/** The address by which others are most likely to reach this machine; loopback when there is none. */
export function outsideAddress(): string {
  const outside = interfaceAddresses().filter(({ internal, scopeid }) => !internal && !scopeid);
  const best = outside.find(({ family }) => family === 'IPv4') ?? outside[0];
  return best?.address ?? '127.0.0.1';
}

function interfaceAddresses() {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
}

/** The system may write an IPv6 address in another form than ours. */
function sameIp(text: string, host: string): boolean {
  const bytes = parseIp(text);
  return bytes !== undefined && peerAddressFromBytes(bytes, 1).host === host;
}
