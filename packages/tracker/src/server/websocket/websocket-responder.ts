/**
 * What a WebSocket tracker does with a message: answers its sender and passes offers and answers on
 * to the peers they are for. Messages in, messages out over links: no socket, no clock.
 */

import { type InfoHash, parseIp } from '@shoal/units';
import { TrackerError } from '../../protocol/tracker-error.ts';
import {
  decodeWebSocketRequest,
  type WebSocketAnnounce,
  type WebSocketAnswer,
  type WebSocketScrape,
} from '../../protocol/websocket-request.ts';
import {
  encodeWebSocketAnnounceResponse,
  encodeWebSocketFailure,
  encodeWebSocketScrapeResponse,
} from '../../protocol/websocket-response.ts';
import { type Access, NOT_TRACKED } from '../access.ts';
import type { Gate, Refusal } from '../admission/gate.ts';
import type { AnnounceIntervals } from '../announce-intervals.ts';
import { AnswerTimes } from '../answer-times.ts';
import { Announce, readInfoHashWords, type SwarmStore } from '../swarm/swarm-store.ts';
import type { Traffic } from '../traffic.ts';
import type { ClientCensus } from '../view/client-census.ts';
import type { OfferRelay } from './offer-relay.ts';
import type { PeerLink } from './websocket-swarm.ts';
import type { WebSocketSwarms } from './websocket-swarms.ts';

/** An offer is good for a minute or so, so these clients announce more often than others. */
export const MAX_WEBSOCKET_INTERVAL_S = 120;
/** Torrents that one connection may announce. */
const MAX_TORRENTS_PER_LINK = 1_000;
/** Peers of all swarms that are connected here: some 500 bytes each. */
const MAX_PEER_COUNT = 500_000;

/** What was asked, since the start. */
export interface WebSocketCounts extends Traffic {
  announces: number;
  scrapes: number;
  /** Announces and scrapes that were not let in. */
  refusals: number;
  /** Messages that could not be read. */
  badRequests: number;
  /** Offers and answers that were passed on to a peer of this process. */
  relays: number;
}

/** One connection as the responder knows it. */
export interface WebSocketClient extends PeerLink {
  /** From the path of its URL, in private mode. */
  readonly passkey: string | undefined;
}

export interface WebSocketResponderOptions {
  /** Its counts have those of `swarms` in them. */
  readonly store: SwarmStore;
  readonly swarms: WebSocketSwarms;
  readonly relay: OfferRelay;
  readonly access: Access;
  readonly gate: Gate;
  readonly intervals: AnnounceIntervals;
  /** Told of every client that announces. */
  readonly census?: ClientCensus;
}

const FULL: Refusal = { reason: 'the tracker is full', retryInS: MAX_WEBSOCKET_INTERVAL_S };
const ID_TAKEN: Refusal = { reason: 'another peer has this peer_id' };
const TOO_MANY_TORRENTS: Refusal = {
  reason: `more than ${MAX_TORRENTS_PER_LINK} torrents on one connection`,
};

export class WebSocketResponder {
  readonly traffic: Traffic = { receivedLength: 0, sentLength: 0 };
  readonly answerTimes = new AnswerTimes();
  readonly #counts = { announces: 0, scrapes: 0, refusals: 0, badRequests: 0 };
  readonly #options: WebSocketResponderOptions;
  readonly #announce = new Announce();

  constructor(options: WebSocketResponderOptions) {
    this.#options = options;
  }

  get counts(): WebSocketCounts {
    return { ...this.#counts, ...this.traffic, relays: this.#options.relay.count };
  }

  /** Takes one message. @returns false when it could not be read */
  receive(client: WebSocketClient, text: string, nowMs: number): boolean {
    try {
      const request = decodeWebSocketRequest(text);
      if (request.type === 'announce') this.#takeAnnounce(client, request, nowMs);
      else if (request.type === 'answer') this.#takeAnswer(client, request);
      else this.#scrape(client, request, nowMs);
      return true;
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      this.#counts.badRequests++;
      client.send(encodeWebSocketFailure({ reason: error.message }));
      return false;
    }
  }

  /** The connection is gone, and its peers with it. */
  leave(client: WebSocketClient): void {
    for (const peer of client.peers) this.#options.swarms.remove(peer);
  }

  /** Forgets peers that have not announced since. */
  forgetQuiet(sinceMs: number): void {
    const { swarms } = this.#options;
    for (const peer of swarms.quietSince(sinceMs)) swarms.remove(peer);
  }

  #takeAnnounce(client: WebSocketClient, request: WebSocketAnnounce, nowMs: number): void {
    const { access, gate, swarms, census } = this.#options;
    const { infoHash, peerId, event } = request;
    const announce = this.#fill(client, request, nowMs);
    const refusal = access.allows(announce.infoHash)
      ? (gate.refuse(announce, peerId, 0, client.passkey) ?? this.#refusePeer(client, request))
      : NOT_TRACKED;
    if (refusal !== undefined) return this.#refuse(client, 'announce', refusal, infoHash);
    this.#counts.announces++;
    gate.account(announce, request.uploaded, request.downloaded);
    const known = swarms.find(announce.infoHash)?.find(peerId);
    // A peer that has come back over another connection, or that leaves.
    if (known !== undefined && (known.link !== client || event === 'stopped')) swarms.remove(known);
    if (event === 'stopped') return this.#answer(client, request);
    census?.note(peerId, 0);
    const { isSeeder, hasCompleted } = announce;
    const news = { infoHash, peerId, link: client, isSeeder, hasCompleted, nowMs };
    const peer = swarms.announce(news);
    this.#answer(client, request);
    this.#options.relay.spread(peer, request.offers);
  }

  /** Who may not be this peer: a stranger may not take the id of one that is connected. */
  #refusePeer(client: WebSocketClient, request: WebSocketAnnounce): Refusal | undefined {
    const { swarms } = this.#options;
    const known = swarms.find(this.#announce.infoHash)?.find(request.peerId);
    if (known !== undefined) return known.link.host === client.host ? undefined : ID_TAKEN;
    if (request.event === 'stopped') return undefined;
    if (client.peers.size >= MAX_TORRENTS_PER_LINK) return TOO_MANY_TORRENTS;
    return swarms.ownPeerCount >= MAX_PEER_COUNT ? FULL : undefined;
  }

  /** Only from a peer of the swarm to a peer of the swarm; the sender learns nothing. */
  #takeAnswer(client: WebSocketClient, answer: WebSocketAnswer): void {
    const { swarms, relay } = this.#options;
    readInfoHashWords(this.#announce.infoHash, answer.infoHash, 0);
    const swarm = swarms.find(this.#announce.infoHash);
    if (swarm?.find(answer.peerId)?.link === client) relay.answer(answer);
  }

  #scrape(client: WebSocketClient, request: WebSocketScrape, nowMs: number): void {
    const { store, gate, access } = this.#options;
    const { infoHashes } = request;
    if (infoHashes.length === 0) throw new TrackerError('bad-query', 'info_hash is missing');
    const refusal = gate.refuseScrape(this.#from(client, nowMs), client.passkey);
    if (refusal !== undefined) return this.#refuse(client, 'scrape', refusal);
    const words = new Int32Array(5);
    const counts = infoHashes.map((infoHash) => {
      const swarm = { seederCount: 0, leecherCount: 0, completedCount: 0 };
      readInfoHashWords(words, infoHash, 0);
      if (access.allows(words)) store.scrape(words, swarm);
      return swarm;
    });
    this.#counts.scrapes++;
    client.send(encodeWebSocketScrapeResponse(infoHashes, counts, this.#options.intervals.next()));
  }

  #answer(client: WebSocketClient, request: WebSocketAnnounce): void {
    const { infoHash } = request;
    const counts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
    this.#options.store.scrape(this.#announce.infoHash, counts);
    client.send(
      encodeWebSocketAnnounceResponse({
        infoHash,
        intervalS: this.#options.intervals.next(),
        ...counts,
      }),
    );
  }

  #refuse(
    client: WebSocketClient,
    action: 'announce' | 'scrape',
    refusal: Refusal,
    infoHash?: InfoHash,
  ): void {
    this.#counts.refusals++;
    const about = infoHash === undefined ? {} : { infoHash };
    client.send(encodeWebSocketFailure({ action, ...refusal, ...about }));
  }

  /** The announce as stores and rules want it. */
  #fill(client: WebSocketClient, request: WebSocketAnnounce, nowMs: number): Announce {
    const announce = this.#from(client, nowMs);
    announce.readInfoHash(request.infoHash, 0);
    announce.isSeeder = request.left === 0;
    announce.readClient(request.peerId, 0, 0);
    announce.isStopped = request.event === 'stopped';
    announce.hasStarted = request.event === 'started';
    announce.hasCompleted = request.event === 'completed';
    return announce;
  }

  /** An announce that has the sender's address alone. */
  #from(client: WebSocketClient, nowMs: number): Announce {
    const announce = this.#announce;
    const ip = parseIp(client.host)!;
    announce.family = ip.length === 4 ? 4 : 6;
    announce.peer.set(ip);
    announce.nowMs = nowMs;
    return announce;
  }
}
