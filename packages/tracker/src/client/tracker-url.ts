/**
 * Which tracker URLs are asked at all. A torrent names any URL it likes: none may make this machine
 * talk to a service that is no tracker (SSRF). Pure.
 */
import { isIP } from 'node:net';
import { TrackerError } from '../protocol/tracker-error.ts';

/** UDP ports below this one belong to other services. */
const FIRST_OPEN_PORT = 1_024;
/** Ports below it on which public trackers do listen. */
const LOW_UDP_PORTS: readonly number[] = [80, 443];
/** `/announce…`, also below one part with letters and digits only: the passkey of private trackers. */
const TRACKER_PATH = /^(?:\/[A-Za-z0-9]{8,64})?\/(?:announce|scrape)[^/]*$/;

/** A tracker URL that passed. */
export interface TrackerUrl {
  readonly protocol: 'http:' | 'https:' | 'udp:';
  /** Name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly url: URL;
  /** Path and query, as they are sent. */
  readonly target: string;
}

/**
 * Reads a tracker's URL.
 *
 * @throws TrackerError `bad-url` for what is no http, https or udp URL with a host; `forbidden-url`
 * for a host name with letters outside ASCII (look-alikes) and for a UDP port below 1024 other than
 * 80 and 443
 */
export function parseTrackerUrl(text: string): TrackerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol;
  if (url === undefined || (protocol !== 'http:' && protocol !== 'https:' && protocol !== 'udp:'))
    throw new TrackerError('bad-url', 'a tracker has an http, https or udp URL');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw new TrackerError('bad-url', 'the tracker URL has no host');
  if (!isPlainHost(host))
    throw new TrackerError('forbidden-url', 'the tracker name has letters outside ASCII');
  const port = portOf(url, protocol);
  if (protocol === 'udp:' && port < FIRST_OPEN_PORT && !LOW_UDP_PORTS.includes(port))
    throw new TrackerError('forbidden-url', `no tracker is asked on UDP port ${port}`);
  const query = url.search === '?' ? '' : url.search;
  return { protocol, host, port, url, target: `${url.pathname}${query}` };
}

/**
 * Whether a path may be asked for on this machine's own addresses, where services trust whoever
 * reaches them: only what is a tracker's.
 */
export function isTrackerPath(pathname: string): boolean {
  return TRACKER_PATH.test(pathname);
}

function portOf(url: URL, protocol: TrackerUrl['protocol']): number {
  if (url.port !== '') {
    const port = Number(url.port);
    if (port > 0) return port;
  } else if (protocol === 'http:') return 80;
  else if (protocol === 'https:') return 443;
  throw new TrackerError('bad-url', 'the tracker URL has no port');
}

/** URL turns other letters of http names into `xn--` labels, of udp names into percent signs. */
function isPlainHost(host: string): boolean {
  if (isIP(host) !== 0) return true;
  return /^[A-Za-z0-9._-]+$/.test(host) && !/(^|\.)xn--/i.test(host);
}
