/**
 * What an HTTP tracker answers: a request target in, the bytes of the whole answer out. No socket,
 * no clock. BEP 3, 7, 23, 24, 48.
 */

import { gzipSync } from 'node:zlib';
import { parseIp } from '@shoal/units';
import { encodeFailure, optional } from '../../protocol/http-answer.ts';
import {
  type HttpAnnounceQuery,
  parseAnnounceQuery,
  parseScrapeQuery,
} from '../../protocol/http-query.ts';
import { encodeScrapeResponse } from '../../protocol/http-scrape-response.ts';
import { TrackerError } from '../../protocol/tracker-error.ts';
import { PEER_ID_LENGTH, PEER_LENGTH_V4, PEER_LENGTH_V6 } from '../../protocol/udp-layout.ts';
import { type Access, NOT_TRACKED } from '../access.ts';
import type { Gate, Refusal } from '../admission/gate.ts';
import { readPrivatePath } from '../admission/private-path.ts';
import type { TrustedProxies } from '../admission/trusted-proxies.ts';
import type { AnnounceIntervals } from '../announce-intervals.ts';
import { AnswerTimes } from '../answer-times.ts';
import { Announce, readInfoHashWords, type SwarmStore } from '../swarm/swarm-store.ts';
import type { Traffic } from '../traffic.ts';
import type { ClientCensus } from '../view/client-census.ts';
import { AnnounceAnswer, type AnswerDetails } from './announce-answer.ts';
import { answerHead, type BodyCoding } from './answer-head.ts';

/** Peers for a client that leaves their number to us, and the most that any gets. */
const DEFAULT_NUM_WANT = 50;
const DEFAULT_MAX_NUM_WANT = 200;
/** Peers in a list of dicts, at most: one costs ten times what a compact one does, packed or not. */
const MAX_LISTED_COUNT = 50;

/** Text from this length on is sent as gzip to who takes it; compact peers would not get shorter. */
const MIN_GZIP_LENGTH = 1_024;

/** What was asked, since the start. */
export interface HttpCounts extends Traffic {
  announces: number;
  scrapes: number;
  /** Queries that could not be read, torrents that are not tracked. */
  refusals: number;
  /** Requests that were none for a tracker, or no HTTP. */
  badRequests: number;
}

export interface HttpResponderOptions {
  readonly store: SwarmStore;
  readonly access: Access;
  /** Default: everybody is let in. */
  readonly gate?: Gate;
  /** Whose word on addresses is taken; default nobody's. */
  readonly proxies?: TrustedProxies;
  readonly intervals: AnnounceIntervals;
  /** Peers in an answer, at most; 50 as a list of dicts. Default 200. */
  readonly maxNumWant?: number;
  /** Told of every client that announces. */
  readonly census?: ClientCensus;
}

export class HttpResponder {
  readonly answerTimes = new AnswerTimes();
  readonly counts: HttpCounts = {
    announces: 0,
    scrapes: 0,
    refusals: 0,
    badRequests: 0,
    receivedLength: 0,
    sentLength: 0,
  };
  /** The sender: `family`, `nowMs` and the bytes of the address are set by who calls `answer`. */
  readonly announce = new Announce();
  /** Whether who asks takes gzip: set by who calls `answer`. */
  acceptsGzip = false;
  readonly proxies: TrustedProxies | undefined;
  readonly #options: HttpResponderOptions;
  readonly #maxNumWant: number;
  readonly #maxListedCount: number;
  readonly #peers: Buffer;
  readonly #peerIds: Buffer;
  readonly #answer: AnnounceAnswer;

  constructor(options: HttpResponderOptions) {
    this.#options = options;
    this.proxies = options.proxies;
    this.#maxNumWant = options.maxNumWant ?? DEFAULT_MAX_NUM_WANT;
    this.#peers = Buffer.alloc(PEER_LENGTH_V6 * this.#maxNumWant);
    this.#maxListedCount = Math.min(MAX_LISTED_COUNT, this.#maxNumWant);
    this.#peerIds = Buffer.alloc(PEER_ID_LENGTH * this.#maxListedCount);
    this.#answer = new AnnounceAnswer(this.#maxNumWant, this.#maxListedCount);
  }

  /**
   * @param connection - the value of the header line, or undefined for none
   * @param believesIp - whether the sender may name another address with `ip=`
   */
  answer(
    target: string,
    connection: 'close' | 'keep-alive' | undefined,
    believesIp = false,
  ): Buffer {
    try {
      const { path, passkey, query } = this.#readPath(target);
      if (path === '/announce') {
        const announceQuery = parseAnnounceQuery(query);
        if (believesIp) this.#believe(announceQuery.ip);
        return this.#takeAnnounce(announceQuery, passkey, connection);
      }
      if (path === '/scrape') return this.#scrape(query, passkey, connection);
      this.counts.badRequests++;
      return this.#wrap(404, Buffer.from('Not found. The tracker is at /announce.\n'), connection);
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      return this.refuse({ reason: error.message }, connection);
    }
  }

  /**
   * The answer to HEAD: whether there is something at the path. Nothing is announced or counted up by
   * it, as RFC 9110 wants of a safe method, so the length of a body is not known.
   */
  answerHead(target: string, connection: 'close' | 'keep-alive' | undefined): Buffer {
    const { path } = this.#readPath(target);
    const isThere = path === '/announce' || path === '/scrape';
    if (!isThere) this.counts.badRequests++;
    return Buffer.from(answerHead(isThere ? 200 : 404, undefined, connection), 'latin1');
  }

  /** The answer to what is no request: the connection is closed behind it. */
  refuseRequest(status: 400 | 405 | 431 | 505): Buffer {
    this.counts.badRequests++;
    return this.#wrap(status, Buffer.alloc(0), 'close');
  }

  /** A refusal in bencode comes with status 200: clients read no body otherwise. */
  refuse({ reason, retryInS }: Refusal, connection: string | undefined): Buffer {
    this.counts.refusals++;
    return this.#wrap(200, encodeFailure(reason, retryInS), connection);
  }

  /** In private mode the passkey stands in front of the path. */
  #readPath(target: string): { path: string; passkey: string | undefined; query: string } {
    const mark = target.indexOf('?');
    const whole = mark < 0 ? target : target.slice(0, mark);
    const query = mark < 0 ? '' : target.slice(mark + 1);
    if (this.#options.gate?.isPrivate !== true) return { path: whole, passkey: undefined, query };
    return { ...readPrivatePath(whole), query };
  }

  /** The announce is for another address. BEP 3. */
  #believe(text: string | undefined): void {
    if (text === undefined || text === '') return;
    const ip = parseIp(text);
    if (ip === undefined) throw new TrackerError('bad-query', 'ip is no IP address');
    this.announce.family = ip.length === 4 ? 4 : 6;
    this.announce.peer.set(ip);
  }

  #takeAnnounce(
    query: HttpAnnounceQuery,
    passkey: string | undefined,
    connection: string | undefined,
  ): Buffer {
    const { announce } = this;
    const { store, access, gate } = this.#options;
    announce.readInfoHash(query.infoHash, 0);
    announce.isStopped = query.event === 'stopped';
    if (!access.allows(announce.infoHash)) return this.refuse(NOT_TRACKED, connection);
    const refusal = gate?.refuse(announce, query.peerId, 0, passkey);
    if (refusal !== undefined) return this.refuse(refusal, connection);
    announce.setPort(query.port);
    announce.readClient(query.peerId, 0, query.key);
    announce.isSeeder = query.left === 0;
    announce.hasStarted = query.event === 'started';
    announce.hasCompleted = query.event === 'completed';
    store.announce(announce);
    this.counts.announces++;
    const { uploaded, downloaded } = query;
    gate?.account(announce, uploaded, downloaded, query.trackerId);
    if (!announce.isStopped) this.#options.census?.note(query.peerId, 0);
    const most = query.compact ? this.#maxNumWant : this.#maxListedCount;
    const wanted = announce.isStopped ? 0 : Math.min(query.numWant ?? DEFAULT_NUM_WANT, most);
    const v4First = announce.family === 4;
    // Peers of the sender's own family first: the others fill up what is left.
    const own = store.copyPeers(announce, announce.family, wanted, this.#peers, 0);
    const left = wanted - own / (v4First ? PEER_LENGTH_V4 : PEER_LENGTH_V6);
    const other = store.copyPeers(announce, v4First ? 6 : 4, left, this.#peers, own);
    const [v4, v6] = v4First
      ? [this.#peers.subarray(0, own), this.#peers.subarray(own, own + other)]
      : [this.#peers.subarray(own, own + other), this.#peers.subarray(0, own)];
    const { intervals } = this.#options;
    const times = { intervalS: intervals.next(), minIntervalS: intervals.minS };
    const details = { ...times, ...optional('trackerId', gate?.trackerId()) };
    return query.compact
      ? this.#answer.writeCompact(announce, v4, v6, details, connection)
      : this.#answerList(v4, v6, details, query.wantsPeerIds, connection);
  }

  #answerList(
    v4: Buffer,
    v6: Buffer,
    details: AnswerDetails,
    wantsPeerIds: boolean,
    connection: string | undefined,
  ): Buffer {
    const { store } = this.#options;
    let peerIds: Buffer | undefined;
    if (wantsPeerIds) {
      peerIds = this.#peerIds;
      const v6At = PEER_ID_LENGTH * (v4.length / PEER_LENGTH_V4);
      store.copyPeerIds(4, v4, peerIds.subarray(0, v6At));
      store.copyPeerIds(6, v6, peerIds.subarray(v6At));
    }
    return this.#wrapText(
      this.#answer.writeList(this.announce, v4, v6, details, peerIds),
      connection,
    );
  }

  #scrape(query: string, passkey: string | undefined, connection: string | undefined): Buffer {
    const refusal = this.#options.gate?.refuseScrape(this.announce, passkey);
    if (refusal !== undefined) return this.refuse(refusal, connection);
    const infoHashes = parseScrapeQuery(query);
    if (infoHashes.length === 0) throw new TrackerError('bad-query', 'info_hash is missing');
    const words = new Int32Array(5);
    const { store, access } = this.#options;
    const counts = infoHashes.map((infoHash) => {
      const swarm = { seederCount: 0, leecherCount: 0, completedCount: 0 };
      readInfoHashWords(words, infoHash, 0);
      if (access.allows(words)) store.scrape(words, swarm);
      return swarm;
    });
    this.counts.scrapes++;
    return this.#wrapText(encodeScrapeResponse(infoHashes, counts), connection);
  }

  /** An answer that repeats its keys for each of many. */
  #wrapText(body: Uint8Array, connection: string | undefined): Buffer {
    if (body.length < MIN_GZIP_LENGTH) return this.#wrap(200, body, connection);
    if (!this.acceptsGzip) return this.#wrap(200, body, connection, 'plain');
    return this.#wrap(200, gzipSync(body, { level: 1 }), connection, 'gzip');
  }

  #wrap(
    status: number,
    body: Uint8Array,
    connection: string | undefined,
    coding: BodyCoding = 'fixed',
  ): Buffer {
    const head = Buffer.from(answerHead(status, body.length, connection, coding), 'latin1');
    return Buffer.concat([head, body]);
  }
}
