/** The URLs to put into torrents, for people who just started a tracker. */
import { networkInterfaces } from 'node:os';
import type { Listening } from '@shoal/tracker/server';
import { formatPeerAddress, type PeerAddress } from '@shoal/units';

/** One URL for each place; `::` and `0.0.0.0` become an address of this machine. */
export function announceUrls(listening: readonly Listening[], path: string): string[] {
  return listening.map(
    ({ transport, address }) => `${transport}://${formatPeerAddress(reachable(address))}${path}`,
  );
}

function reachable(address: PeerAddress): PeerAddress {
  if (address.host !== '::' && address.host !== '0.0.0.0') return address;
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return { host: own?.address ?? '127.0.0.1', port: address.port, family: 4 };
}
