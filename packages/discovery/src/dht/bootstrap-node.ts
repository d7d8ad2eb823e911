/** The nodes by which one finds into the DHT. */
import { DiscoveryError } from '../discovery.ts';

/** A node by name or IPv4 address. */
export interface BootstrapNode {
  readonly host: string;
  readonly port: number;
}

/** Long-lived nodes that others run for everybody. */
export const PUBLIC_BOOTSTRAP: readonly string[] = [
  'router.bittorrent.com:6881',
  'router.utorrent.com:6881',
  'dht.transmissionbt.com:6881',
  'dht.libtorrent.org:25401',
];

/** Reads `HOST:PORT`. @throws DiscoveryError `bad-address` for anything else, IPv6 addresses too */
export function parseBootstrapNode(text: string): BootstrapNode {
  const [, host, digits] = /^([^\s:[\]]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535)
    throw new DiscoveryError('bad-address', `${JSON.stringify(text)} is no HOST:PORT`);
  return { host, port };
}
