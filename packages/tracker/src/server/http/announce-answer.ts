/** Answers to announces, written by hand, member by member: these are the ones that are worth it. */
import { PEER_ID_LENGTH, PEER_LENGTH_V4, PEER_LENGTH_V6 } from '../../protocol/udp-layout.ts';
import type { Announce } from '../swarm/swarm-store.ts';
import { answerHead } from './answer-head.ts';
import { MAX_LISTED_PEER_LENGTH, writePeerDicts } from './peer-list.ts';

/** The body is written from here on, its head into the bytes before it. */
const BODY_AT = 256;
/** What an answer has beside its peers, in bytes: at most 168, and 66 of a tracker id. */
const MEMBERS_LENGTH = 256;
const LIST_END = 0x65;
const DICT_END = 0x65;

/** What is said beside peers and counts. */
export interface AnswerDetails {
  readonly intervalS: number;
  readonly minIntervalS: number;
  /** Plain characters, 64 at most. */
  readonly trackerId?: string;
}

export class AnnounceAnswer {
  readonly #compact: Buffer;
  readonly #list: Buffer;

  /**
   * @param maxCompactCount - peers of an answer
   * @param maxListedCount - peers of one that lists them
   */
  constructor(maxCompactCount: number, maxListedCount: number) {
    const restLength = BODY_AT + MEMBERS_LENGTH;
    this.#compact = Buffer.alloc(restLength + PEER_LENGTH_V6 * maxCompactCount);
    this.#list = Buffer.alloc(restLength + MAX_LISTED_PEER_LENGTH * maxListedCount);
  }

  /**
   * Writes head and body, with compact peers. BEP 3, 7, 23, 24.
   * @param announce - whose counts the store has filled in
   * @param connection - the value of that header line, undefined for none
   * @returns a copy
   */
  writeCompact(
    announce: Announce,
    v4: Buffer,
    v6: Buffer,
    details: AnswerDetails,
    connection: string | undefined,
  ): Buffer {
    const out = this.#compact;
    let at = writeCounts(out, announce, details, `5:peers${v4.length}:`);
    at += v4.copy(out, at);
    if (v6.length > 0) {
      at += out.write(`6:peers6${v6.length}:`, at, 'latin1');
      at += v6.copy(out, at);
    }
    at = writeEnd(out, at, details);
    const head = answerHead(200, at - BODY_AT, connection);
    const start = BODY_AT - head.length;
    out.write(head, start, 'latin1');
    return Buffer.from(out.subarray(start, at));
  }

  /**
   * Writes the body, with a list of dicts for the peers. BEP 3, 24.
   * @param peerIds - 20 bytes a peer, those of `v4` first; zeros for one that is not known
   * @returns good until the next call
   */
  writeList(
    announce: Announce,
    v4: Buffer,
    v6: Buffer,
    details: AnswerDetails,
    peerIds: Uint8Array | undefined,
  ): Buffer {
    const out = this.#list;
    let at = writeCounts(out, announce, details, '5:peersl');
    const v6IdsAt = PEER_ID_LENGTH * (v4.length / PEER_LENGTH_V4);
    at = writePeerDicts(out, at, v4, 4, peerIds);
    at = writePeerDicts(out, at, v6, 6, peerIds?.subarray(v6IdsAt));
    out[at++] = LIST_END;
    return out.subarray(BODY_AT, writeEnd(out, at, details));
  }
}

/** Writes what stands before the peers. @returns where it ends */
function writeCounts(
  out: Buffer,
  announce: Announce,
  { intervalS, minIntervalS }: AnswerDetails,
  peersKey: string,
): number {
  const ipLength = announce.family === 4 ? 4 : 16;
  let at = BODY_AT;
  at += out.write(
    `d8:completei${announce.seederCount}e10:downloadedi${announce.completedCount}e11:external ip${ipLength}:`,
    at,
    'latin1',
  );
  for (let byte = 0; byte < ipLength; byte++) out[at++] = announce.peer[byte]!;
  at += out.write(
    `10:incompletei${announce.leecherCount}e8:intervali${intervalS}e12:min intervali${minIntervalS}e${peersKey}`,
    at,
    'latin1',
  );
  return at;
}

/** Writes what stands behind the peers. @returns where it ends */
function writeEnd(out: Buffer, start: number, { trackerId }: AnswerDetails): number {
  let at = start;
  if (trackerId !== undefined)
    at += out.write(`10:tracker id${trackerId.length}:${trackerId}`, at, 'latin1');
  out[at++] = DICT_END;
  return at;
}
