/** How peers and trackers are written in answers. */
import { cleanText } from '@shoal/cli';
import { formatPeerAddress, type PeerAddress } from '@shoal/units';

/** This peer. */
export const ME = 'Peer[me]';

/** `Peer[192.0.2.7:6881]` */
export function nameOf(address: PeerAddress | string): string {
  return `Peer[${typeof address === 'string' ? address : formatPeerAddress(address)}]`;
}

/** `Tracker http://t.example/announce`: in full, for it is its user who reads it. */
export function trackerName(url: string): string {
  return `Tracker ${cleanText(url)}`;
}

/** `yes` or `no`. */
export function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}
