/** Where on this machine an announce URL points to. */
import { parseIp } from '@shoal/units';
import { isOwnAddress } from './own-address.ts';

/** Ports below it belong to other services, whatever a torrent says. */
const FIRST_OPEN_PORT = 1_024;

/** A place of this machine that a tracker can listen on. */
export interface OwnPlace {
  readonly transport: 'http' | 'udp';
  /** An IP address. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an announce URL.
 * @returns undefined when it names no IP address of this machine and not `localhost`, when it is no
 * http or udp URL with `/announce`, or when its port is below 1024. Other names are not looked up:
 * the names of many dead trackers lead to 127.0.0.1.
 */
export function ownPlaceOf(url: string): OwnPlace | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port: portText, pathname } = new URL(url);
  const transport = protocol === 'http:' ? 'http' : protocol === 'udp:' ? 'udp' : undefined;
  // UDP has no path: what stands there is left out by many.
  if (transport === undefined || (transport === 'http' && pathname !== '/announce'))
    return undefined;
  const bare = hostname.replace(/^\[|\]$/g, '');
  const host = bare === 'localhost' ? '127.0.0.1' : bare;
  const port = Number(portText);
  if (port < FIRST_OPEN_PORT || parseIp(host) === undefined) return undefined;
  return isOwnAddress(host) ? { transport, host, port } : undefined;
}
