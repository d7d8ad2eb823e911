/** The URLs to put into torrents, for people who just started a tracker. */
import { networkInterfaces } from 'node:os';
import type { ListenerAddresses } from '@shoal/tracker/server';
import { formatPeerAddress, type PeerAddress } from '@shoal/units';

/** One URL for each transport that listens; `::` and `0.0.0.0` become an address of this machine. */
export function announceUrls(addresses: Partial<ListenerAddresses>, path: string): string[] {
  const { http, https, udp, ws, wss } = addresses;
  return Object.entries({ http, https, udp, ws, wss }).flatMap(([scheme, address]) =>
    address === undefined ? [] : `${scheme}://${formatPeerAddress(reachable(address))}${path}`,
  );
}

function reachable(address: PeerAddress): PeerAddress {
  if (address.host !== '::' && address.host !== '0.0.0.0') return address;
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return { host: own?.address ?? '127.0.0.1', port: address.port, family: 4 };
}
