/**
 * Whether an announce, a scrape or a connect is let in: by its client, its rate, and in private mode its
 * passkey. Hands what members report to their accounts.
 */
import type { Random } from '@shoal/units';
import type { Announce } from '../swarm/swarm-store.ts';
import type { AddressRate } from './address-rates.ts';
import { ClientRules } from './client-rules.ts';
import type { Membership, TransferNews } from './membership.ts';
import { RequestRates } from './request-rates.ts';
import type { TrackerIds } from './tracker-ids.ts';

export interface GateOptions {
  /** Peer ids must begin with one of these. */
  readonly allowClients?: readonly string[];
  /** They must not begin with any of these. */
  readonly denyClients?: readonly string[];
  /** How often an address may announce, say `stopped`, scrape, and ask for a connection id. */
  readonly rate?: AddressRate;
  /** Private mode: who may announce, and what each has moved. */
  readonly membership?: Membership;
  /** Default: no tracker ids. */
  readonly trackerIds?: TrackerIds;
  readonly random: Random;
}

/** Why an announce is not let in. */
export interface Refusal {
  readonly reason: string;
  /** When to ask again, Infinity for never; left out when nobody knows. BEP 31. */
  readonly retryInS?: number;
}

/** A member that was kept out may be let in again, and a client that is told never does not ask again. */
const PASSKEY_RETRY_S = 1_800;

const NOT_A_MEMBER: Refusal = {
  reason: 'this tracker is private and does not know this passkey',
  retryInS: PASSKEY_RETRY_S,
};
const CLIENT_REFUSED: Refusal = {
  reason: 'this client is not allowed here',
  retryInS: Number.POSITIVE_INFINITY,
};

export class Gate {
  readonly #clients: ClientRules;
  readonly #rates: RequestRates | undefined;
  readonly #membership: Membership | undefined;
  readonly #trackerIds: TrackerIds | undefined;
  /** The member admitted last. */
  #member = 0;
  /** What was accounted last. */
  #news: TransferNews | undefined;

  /** @throws RangeError for a client prefix that is none */
  constructor(options: GateOptions) {
    const { allowClients: allow, denyClients: deny } = options;
    this.#clients = new ClientRules({ ...(allow && { allow }), ...(deny && { deny }) });
    this.#rates = options.rate && new RequestRates(options.rate, options.random);
    this.#membership = options.membership;
    this.#trackerIds = options.trackerIds;
  }

  /** Whether announces must come with a passkey. */
  get isPrivate(): boolean {
    return this.#membership !== undefined;
  }

  /**
   * Takes an announce whose sender and infohash are filled in, and whether it is `stopped`.
   * @param bytes - has the peer id at `at`
   * @returns why it is refused, undefined when it is let in
   */
  refuse(
    announce: Announce,
    bytes: Uint8Array,
    at: number,
    passkey: string | undefined,
  ): Refusal | undefined {
    const waitMs = this.#rates?.takeAnnounce(announce) ?? 0;
    if (waitMs > 0) return { reason: 'too many announces', retryInS: waitMs / 1_000 };
    if (!this.#clients.allows(bytes, at)) return CLIENT_REFUSED;
    if (this.#membership === undefined) return undefined;
    const member = passkey === undefined ? undefined : this.#membership.find(passkey);
    if (member === undefined) return NOT_A_MEMBER;
    this.#member = member;
    return undefined;
  }

  /** Whether a UDP client may have a connection id. @param sender - its address, and the time */
  mayConnect(sender: Announce): boolean {
    return this.#rates === undefined || this.#rates.takeConnect(sender) === 0;
  }

  /**
   * Takes a scrape.
   * @param sender - the address, and the time
   * @returns why it is refused, undefined when it is let in
   */
  refuseScrape(sender: Announce, passkey: string | undefined): Refusal | undefined {
    const waitMs = this.#rates?.takeScrape(sender) ?? 0;
    if (waitMs > 0) return { reason: 'too many scrapes', retryInS: waitMs / 1_000 };
    if (this.#membership === undefined) return undefined;
    const isMember = passkey !== undefined && this.#membership.find(passkey) !== undefined;
    return isMember ? undefined : NOT_A_MEMBER;
  }

  /**
   * Puts what the announce let in last says into its member's account.
   * @param trackerId - what the client brings back of the answer before
   */
  account(announce: Announce, uploaded: number, downloaded: number, trackerId?: string): void {
    if (this.#membership === undefined) return;
    const { infoHash, hasStarted: isStarted, isStopped, nowMs, key } = announce;
    const peerId = latin1(announce.peerIds, announce.peerIdAt, 20);
    const news = { infoHash, peerId, key, isStarted, isStopped, uploaded, downloaded, nowMs };
    const before = trackerId && this.#trackerIds?.open(trackerId, this.#member, news);
    this.#membership.record(this.#member, before ? { ...news, before } : news);
    this.#news = news;
  }

  /**
   * The tracker id for the client accounted last, whose announce is still there; undefined for none, and
   * for one that has stopped: it begins anew.
   */
  trackerId(): string | undefined {
    if (this.#news === undefined || this.#news.isStopped) return undefined;
    return this.#trackerIds?.seal(this.#member, this.#news);
  }
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1');
}
