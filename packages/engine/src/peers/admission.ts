/** Which connections are taken in, and which make way for them. Data in, decisions out. */
import { equalBytes, isLoopback, type PeerId } from '@shoal/units';
import type { BanList } from './ban-list.ts';
import { FaultList } from './fault-list.ts';
import type { KnownBy } from './former-peers.ts';
import { networkOf } from './network-of.ts';

/** Connections of one torrent; incoming ones may pass the first limit, up to the second. */
export const CONNECTION_LIMIT = 60;
const INCOMING_LIMIT = 100;
/** Connections from one IP address (/64 of IPv6): several clients behind one router, but no flood. */
const HOST_LIMIT = 4;

/** Why a connection is not taken in. */
export type Refusal =
  | 'banned'
  | 'self'
  | 'here already'
  | 'too many'
  | 'too many from one address'
  | 'broke the protocol'
  | 'not running';

/** What is decided of a newcomer. */
export interface Decision<Peer> {
  /** Connections that it takes the place of: the same peer, connected twice. */
  readonly replaced: readonly Peer[];
  readonly refusal: Refusal | undefined;
  /** One more than there may be: it is taken in if somebody makes room. */
  readonly isFull: boolean;
}

export interface AdmissionOptions {
  readonly bans: BanList;
  readonly ourPeerId: PeerId;
}

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #faults = new FaultList();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** A peer broke the protocol: where many do, nobody is let in for a while. */
  handleFault({ address }: KnownBy, nowMs: number): void {
    if (!isLoopback(address)) this.#faults.add(networkOf(address), nowMs);
  }

  /** @param peers - who is connected */
  decide<Peer extends KnownBy>(
    newcomer: KnownBy,
    peers: Iterable<Peer>,
    nowMs: number,
  ): Decision<Peer> {
    const { bans, ourPeerId } = this.#options;
    const { address, peerId } = newcomer;
    const network = networkOf(address);
    if (bans.hasPeer(newcomer)) return refuse('banned');
    if (equalBytes(peerId, ourPeerId)) return refuse('self');
    if (isIncoming(newcomer) && this.#faults.isResting(network, nowMs))
      return refuse('broke the protocol');
    const replaced: Peer[] = [];
    let [count, fromNetwork] = [0, 0];
    for (const peer of peers) {
      if (!equalBytes(peer.peerId, peerId)) {
        count++;
        if (networkOf(peer.address) === network) fromNetwork++;
      } else if (this.#prefersNew(peer, newcomer)) replaced.push(peer);
      else return refuse('here already');
    }
    if (fromNetwork >= HOST_LIMIT && !isLoopback(address))
      return refuse('too many from one address');
    const limit = isIncoming(newcomer) ? INCOMING_LIMIT : CONNECTION_LIMIT;
    return { replaced, refusal: undefined, isFull: count >= limit };
  }

  /**
   * Both sides dialled at once: both must keep the same connection, so the one that the smaller
   * peer id dialled stays. Of two in the same direction the older stays.
   */
  #prefersNew(old: KnownBy, newcomer: KnownBy): boolean {
    if (isIncoming(old) === isIncoming(newcomer)) return false;
    const weAreSmaller = Buffer.compare(this.#options.ourPeerId, old.peerId) < 0;
    return isIncoming(newcomer) !== weAreSmaller;
  }
}

function isIncoming({ dialled }: KnownBy): boolean {
  return dialled === undefined;
}

function refuse(refusal: Refusal): Decision<never> {
  return { replaced: [], refusal, isFull: false };
}
