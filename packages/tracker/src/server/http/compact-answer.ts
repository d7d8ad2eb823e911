/** Answers with compact peers, written by hand, member by member: the one answer that is worth it. */
import type { Announce } from '../swarm/swarm-store.ts';
import { answerHead } from './answer-head.ts';

/** The body is written from here on, its head into the bytes before it. */
const BODY_AT = 256;
/** What an answer has beside its peers, in bytes: at most 168, and 66 of a tracker id. */
const MEMBERS_LENGTH = 256;

/** What is said beside peers and counts. */
export interface AnswerDetails {
  readonly intervalS: number;
  readonly minIntervalS: number;
  /** Plain characters, 64 at most. */
  readonly trackerId?: string;
}

export class CompactAnswer {
  readonly #out: Buffer;

  /** @param maxPeersLength - of all peers of an answer, in bytes */
  constructor(maxPeersLength: number) {
    this.#out = Buffer.alloc(BODY_AT + MEMBERS_LENGTH + maxPeersLength);
  }

  /**
   * Writes head and body. BEP 3, 7, 23, 24.
   * @param announce - whose counts the store has filled in
   * @param connection - the value of that header line, undefined for none
   * @returns a copy
   */
  write(
    announce: Announce,
    v4: Buffer,
    v6: Buffer,
    { intervalS, minIntervalS, trackerId }: AnswerDetails,
    connection: string | undefined,
  ): Buffer {
    const ipLength = announce.family === 4 ? 4 : 16;
    const out = this.#out;
    let at = BODY_AT;
    at += out.write(
      `d8:completei${announce.seederCount}e10:downloadedi${announce.completedCount}e11:external ip${ipLength}:`,
      at,
      'latin1',
    );
    for (let byte = 0; byte < ipLength; byte++) out[at++] = announce.peer[byte]!;
    at += out.write(
      `10:incompletei${announce.leecherCount}e8:intervali${intervalS}e12:min intervali${minIntervalS}e5:peers${v4.length}:`,
      at,
      'latin1',
    );
    at += v4.copy(out, at);
    if (v6.length > 0) {
      at += out.write(`6:peers6${v6.length}:`, at, 'latin1');
      at += v6.copy(out, at);
    }
    if (trackerId !== undefined)
      at += out.write(`10:tracker id${trackerId.length}:${trackerId}`, at, 'latin1');
    out[at++] = 0x65;
    return this.#finish(at, connection);
  }

  /** Puts the head in front of the body, which ends at `end`. */
  #finish(end: number, connection: string | undefined): Buffer {
    const head = answerHead(200, end - BODY_AT, connection);
    const start = BODY_AT - head.length;
    this.#out.write(head, start, 'latin1');
    return Buffer.from(this.#out.subarray(start, end));
  }
}
