/**
 * What a UDP tracker answers: a packet in, the bytes of its answer out. No socket, no clock, and
 * neither string nor object a packet. BEP 15; layouts in protocol/udp-layout.ts.
 *
 * Dropped without an answer, so that nobody can be flooded through us: packets under 16 bytes,
 * connects without the protocol id or over the rate of their address, connection ids that were not
 * given to the sender in the last 60 to 120 s, announces under 98 bytes or with port 0, scrapes of broken
 * length or over 74 infohashes, unknown actions. No answer is more than twice as long as its packet.
 */

import { TrackerError } from '../../protocol/tracker-error.ts';
import {
  ACTION_ANNOUNCE,
  ACTION_CONNECT,
  ACTION_ERROR,
  ACTION_SCRAPE,
  ANNOUNCE_REQUEST_LENGTH,
  ANNOUNCE_RESPONSE_LENGTH,
  AT_ACTION,
  AT_DOWNLOADED,
  AT_EVENT,
  AT_INFO_HASH,
  AT_KEY,
  AT_LEFT,
  AT_NUM_WANT,
  AT_PEER_ID,
  AT_PORT,
  AT_TRANSACTION_ID,
  AT_UPLOADED,
  CONNECT_RESPONSE_LENGTH,
  EVENT_CODES,
  MAX_UDP_SCRAPE_COUNT,
  PEER_LENGTH_V4,
  PEER_LENGTH_V6,
  PROTOCOL_ID_HIGH,
  PROTOCOL_ID_LOW,
  REQUEST_HEADER_LENGTH,
  RESPONSE_HEADER_LENGTH,
  SCRAPE_ENTRY_LENGTH,
} from '../../protocol/udp-layout.ts';
import { decodeUrlData } from '../../protocol/udp-url-data.ts';
import { type Access, NOT_TRACKED } from '../access.ts';
import type { Gate } from '../admission/gate.ts';
import { readPrivatePath } from '../admission/private-path.ts';
import type { AnnounceIntervals } from '../announce-intervals.ts';
import { AnswerTimes } from '../answer-times.ts';
import { readWord } from '../read-word.ts';
import {
  Announce,
  readInfoHashWords,
  type SwarmCounts,
  type SwarmStore,
} from '../swarm/swarm-store.ts';
import type { Traffic } from '../traffic.ts';
import type { ClientCensus } from '../view/client-census.ts';
import type { ConnectionIds } from './connection-ids.ts';

/** An answer is at most so many times as long as its packet. */
const MAX_AMPLIFICATION = 2;
/** Peers for a client that leaves their number to us. */
const DEFAULT_NUM_WANT = 50;
const DEFAULT_MAX_NUM_WANT = 200;
/** The longest answer: a scrape of 74 torrents is longer than an announce of 98 bytes can get. */
export const MAX_UDP_ANSWER_LENGTH = 2_048;

/** What was asked, since the start. */
export interface UdpCounts extends Traffic {
  connects: number;
  announces: number;
  scrapes: number;
  refusals: number;
  /** Packets that got no answer. */
  drops: number;
}

export interface UdpResponderOptions {
  readonly store: SwarmStore;
  readonly ids: ConnectionIds;
  readonly access: Access;
  /** Default: everybody is let in. */
  readonly gate?: Gate;
  readonly intervals: AnnounceIntervals;
  /** Peers in an answer, at most; its length holds them lower. Default 200. */
  readonly maxNumWant?: number;
  /** Told of every client that announces. */
  readonly census?: ClientCensus;
}

export class UdpResponder {
  readonly answerTimes = new AnswerTimes();
  readonly counts: UdpCounts = {
    connects: 0,
    announces: 0,
    scrapes: 0,
    refusals: 0,
    drops: 0,
    receivedLength: 0,
    sentLength: 0,
  };
  /** The sender: `family`, `nowMs` and the bytes of the address are set by who calls `answer`. */
  readonly announce = new Announce();
  readonly #store: SwarmStore;
  readonly #ids: ConnectionIds;
  readonly #access: Access;
  readonly #gate: Gate | undefined;
  readonly #intervals: AnnounceIntervals;
  readonly #maxNumWant: number;
  readonly #census: ClientCensus | undefined;
  readonly #infoHash = new Int32Array(5);
  readonly #counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };

  constructor(options: UdpResponderOptions) {
    this.#store = options.store;
    this.#ids = options.ids;
    this.#access = options.access;
    this.#gate = options.gate;
    this.#intervals = options.intervals;
    this.#maxNumWant = options.maxNumWant ?? DEFAULT_MAX_NUM_WANT;
    this.#census = options.census;
  }

  /**
   * Answers one packet from the sender in `announce`.
   * @param packet - the whole datagram
   * @param into - receives the answer: MAX_UDP_ANSWER_LENGTH bytes or more
   * @returns the length of the answer, 0 for none
   */
  answer(packet: Uint8Array, into: Buffer): number {
    const length = this.#answer(packet, into);
    if (length === 0) this.counts.drops++;
    return length;
  }

  #answer(packet: Uint8Array, into: Buffer): number {
    if (packet.length < REQUEST_HEADER_LENGTH) return 0;
    const action = readUint32(packet, AT_ACTION);
    if (action === ACTION_CONNECT) return this.#connect(packet, into);
    if (action !== ACTION_ANNOUNCE && action !== ACTION_SCRAPE) return 0;
    const { peer, family, nowMs } = this.announce;
    if (!this.#ids.verify(peer, family, nowMs, packet)) return 0;
    return action === ACTION_ANNOUNCE
      ? this.#takeAnnounce(packet, into)
      : this.#scrape(packet, into);
  }

  #connect(packet: Uint8Array, into: Buffer): number {
    const isTracker =
      readUint32(packet, 0) === PROTOCOL_ID_HIGH && readUint32(packet, 4) === PROTOCOL_ID_LOW;
    if (!isTracker || this.#gate?.mayConnect(this.announce) === false) return 0;
    this.counts.connects++;
    writeHeader(into, ACTION_CONNECT, packet);
    const { peer, family, nowMs } = this.announce;
    this.#ids.write(peer, family, nowMs, into, RESPONSE_HEADER_LENGTH);
    return CONNECT_RESPONSE_LENGTH;
  }

  #takeAnnounce(packet: Uint8Array, into: Buffer): number {
    if (packet.length < ANNOUNCE_REQUEST_LENGTH) return 0;
    const port = (packet[AT_PORT]! << 8) | packet[AT_PORT + 1]!;
    if (port === 0) return 0;
    const { announce } = this;
    const event = readUint32(packet, AT_EVENT);
    announce.readInfoHash(packet, AT_INFO_HASH);
    announce.isStopped = event === EVENT_CODES.stopped;
    if (!this.#access.allows(announce.infoHash))
      return this.#refuse(packet, NOT_TRACKED.reason, into);
    const gate = this.#gate;
    const passkey = gate?.isPrivate === true ? passkeyOf(packet) : undefined;
    const refusal = gate?.refuse(announce, packet, AT_PEER_ID, passkey);
    if (refusal !== undefined) return this.#refuse(packet, refusal.reason, into);
    announce.setPort(port);
    announce.readClient(packet, AT_PEER_ID, readUint32(packet, AT_KEY));
    announce.isSeeder = readUint32(packet, AT_LEFT) === 0 && readUint32(packet, AT_LEFT + 4) === 0;
    announce.hasStarted = event === EVENT_CODES.started;
    announce.hasCompleted = event === EVENT_CODES.completed;
    this.#store.announce(announce);
    this.counts.announces++;
    if (gate?.isPrivate === true)
      gate.account(announce, readUint64(packet, AT_UPLOADED), readUint64(packet, AT_DOWNLOADED));
    if (!announce.isStopped) this.#census?.note(packet, AT_PEER_ID);
    writeHeader(into, ACTION_ANNOUNCE, packet);
    writeUint32(into, 8, this.#intervals.next());
    writeUint32(into, 12, announce.leecherCount);
    writeUint32(into, 16, announce.seederCount);
    const at = ANNOUNCE_RESPONSE_LENGTH;
    return at + this.#store.copyPeers(announce, announce.family, this.#wanted(packet), into, at);
  }

  #scrape(packet: Uint8Array, into: Buffer): number {
    const count = (packet.length - AT_INFO_HASH) / 20;
    if (count < 1 || count > MAX_UDP_SCRAPE_COUNT || !Number.isInteger(count)) return 0;
    // A scrape over UDP has no place for a passkey: in private mode HTTP is there for it.
    const refusal = this.#gate?.refuseScrape(this.announce, undefined);
    if (refusal !== undefined) return this.#refuse(packet, refusal.reason, into);
    this.counts.scrapes++;
    writeHeader(into, ACTION_SCRAPE, packet);
    let at = RESPONSE_HEADER_LENGTH;
    for (let index = 0; index < count; index++) {
      readInfoHashWords(this.#infoHash, packet, AT_INFO_HASH + 20 * index);
      const isTracked = this.#access.allows(this.#infoHash);
      if (isTracked) this.#store.scrape(this.#infoHash, this.#counts);
      writeUint32(into, at, isTracked ? this.#counts.seederCount : 0);
      writeUint32(into, at + 4, isTracked ? this.#counts.completedCount : 0);
      writeUint32(into, at + 8, isTracked ? this.#counts.leecherCount : 0);
      at += SCRAPE_ENTRY_LENGTH;
    }
    return at;
  }

  #refuse(packet: Uint8Array, reason: string, into: Buffer): number {
    this.counts.refusals++;
    writeHeader(into, ACTION_ERROR, packet);
    return RESPONSE_HEADER_LENGTH + into.write(reason, RESPONSE_HEADER_LENGTH, 'latin1');
  }

  /** Peers in the answer: as asked for, as the amplification limit and the buffer allow. */
  #wanted(packet: Uint8Array): number {
    if (this.announce.isStopped) return 0;
    const asked = readWord(packet, AT_NUM_WANT);
    const longest = Math.min(MAX_AMPLIFICATION * packet.length, MAX_UDP_ANSWER_LENGTH);
    const width = this.announce.family === 4 ? PEER_LENGTH_V4 : PEER_LENGTH_V6;
    const most = Math.floor((longest - ANNOUNCE_RESPONSE_LENGTH) / width);
    return Math.min(asked < 0 ? DEFAULT_NUM_WANT : asked, this.#maxNumWant, most);
  }
}

function writeHeader(into: Uint8Array, action: number, packet: Uint8Array): void {
  writeUint32(into, 0, action);
  for (let byte = 0; byte < 4; byte++) into[4 + byte] = packet[AT_TRANSACTION_ID + byte]!;
}

/** The passkey in the URL data behind an announce. BEP 41. */
function passkeyOf(packet: Uint8Array): string | undefined {
  const target = readUrlData(packet) ?? '';
  return readPrivatePath(target.split('?', 1)[0]!).passkey;
}

function readUrlData(packet: Uint8Array): string | undefined {
  try {
    return decodeUrlData(packet);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return undefined;
  }
}

/** Held at 2^53 - 1. */
function readUint64(bytes: Uint8Array, at: number): number {
  const value = readUint32(bytes, at) * 4_294_967_296 + readUint32(bytes, at + 4);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return readWord(bytes, at) >>> 0;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
