/** The state of a connection in six letters, as the big clients write it. */
import type { PeerSnapshot } from '@shoal/engine';

type FlagFacts = Pick<
  PeerSnapshot,
  | 'amChoking'
  | 'amInterested'
  | 'peerChoking'
  | 'peerInterested'
  | 'isSnubbed'
  | 'isOptimistic'
  | 'incoming'
  | 'isEncrypted'
>;

/** Explains `peerFlags`. */
export const FLAG_LEGEND =
  'D down · U up (small: choked) · O optimistic · S snubbed · I incoming · E encrypted';
/** The same where there is little room. */
export const SHORT_FLAG_LEGEND =
  'D down  U up (small: choked)  O optimistic  S snubbed  I in  E encrypted';

/** `DU  IE`: each letter has its own column, a blank where it does not hold. */
export function peerFlags(peer: FlagFacts): string {
  return [
    peer.amInterested ? (peer.peerChoking ? 'd' : 'D') : ' ',
    peer.peerInterested ? (peer.amChoking ? 'u' : 'U') : ' ',
    peer.isOptimistic ? 'O' : ' ',
    peer.isSnubbed ? 'S' : ' ',
    peer.incoming ? 'I' : ' ',
    peer.isEncrypted ? 'E' : ' ',
  ].join('');
}
