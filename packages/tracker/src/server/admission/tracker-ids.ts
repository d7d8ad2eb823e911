/**
 * Tracker ids of private mode: what a client reported, sealed and handed to it with the answer. It
 * brings it back with its next announce, so that its account goes on where it was although the
 * tracker was restarted meanwhile, or another process answers. BEP 3, "tracker id". No IO.
 *
 * | bytes | |
 * |---|---|
 * | 0..8 | uploaded |
 * | 8..16 | downloaded |
 * | 16..22 | when, in milliseconds since 1970 |
 * | 22..36 | the first 14 bytes of HMAC-SHA-256 over member u32, infohash, peer id, key u32, 0..22 |
 *
 * As text: base64url, 48 characters that no client has to escape. What is in it is no secret, but
 * nobody can make one: it would be a licence to claim what a line carries in two intervals.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@shoal/units';
import type { Report, TransferNews } from './membership.ts';

const BODY_LENGTH = 22;
const MAC_LENGTH = 14;
/** Characters of a tracker id. */
export const TRACKER_ID_LENGTH = ((BODY_LENGTH + MAC_LENGTH) * 4) / 3;

export interface TrackerIdsOptions {
  /** Random bytes that stay the same over restarts, 16 or more. */
  readonly secret: Uint8Array;
  /**
   * How long one is good: half as long as a report is kept, also that of a client that has stopped, so
   * that nobody can bring one back twice.
   */
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

export class TrackerIds {
  readonly #options: TrackerIdsOptions;

  constructor(options: TrackerIdsOptions) {
    this.#options = options;
  }

  /** The tracker id for the client that a report is of. */
  seal(member: number, news: TransferNews): string {
    const body = Buffer.alloc(BODY_LENGTH);
    body.writeBigUInt64BE(BigInt(news.uploaded), 0);
    body.writeBigUInt64BE(BigInt(news.downloaded), 8);
    body.writeUIntBE(Math.floor(this.#options.clock.wallMs()), 16, 6);
    return Buffer.concat([body, this.#mac(member, news, body)]).toString('base64url');
  }

  /**
   * The report in a tracker id.
   * @param news - of the same client
   * @returns undefined for one that is too old, of another client, or not ours
   */
  open(trackerId: string, member: number, news: TransferNews): Report | undefined {
    if (trackerId.length !== TRACKER_ID_LENGTH) return undefined;
    const bytes = Buffer.from(trackerId, 'base64url');
    if (bytes.length !== BODY_LENGTH + MAC_LENGTH) return undefined;
    const body = bytes.subarray(0, BODY_LENGTH);
    if (!timingSafeEqual(bytes.subarray(BODY_LENGTH), this.#mac(member, news, body)))
      return undefined;
    const ageMs = this.#options.clock.wallMs() - body.readUIntBE(16, 6);
    // A clock that was set back says nothing of how much time there was to move anything.
    if (ageMs < 0 || ageMs > this.#options.lifetimeMs) return undefined;
    return {
      uploaded: Number(body.readBigUInt64BE(0)),
      downloaded: Number(body.readBigUInt64BE(8)),
      heardMs: news.nowMs - ageMs,
    };
  }

  #mac(member: number, { infoHash, peerId, key }: TransferNews, body: Uint8Array): Buffer {
    const about = Buffer.alloc(28);
    about.writeUInt32BE(member, 0);
    for (let word = 0; word < 5; word++) about.writeInt32BE(infoHash[word]!, 4 + 4 * word);
    about.writeUInt32BE(key, 24);
    return createHmac('sha256', this.#options.secret)
      .update(about)
      .update(peerId, 'latin1')
      .update(body)
      .digest()
      .subarray(0, MAC_LENGTH);
  }
}
