/**
 * How much each client has moved since its announce before. No IO.
 *
 * Clients report bytes since they started a torrent. So what counts is the difference to the report
 * before of the same user, torrent and peer id; a first report, one with `started` and one below
 * the one before are only a new beginning. Nobody can check a report, but nobody moves more than
 * a fast line does in the time between two: what goes beyond that is cut off and noted.
 */
import type { TransferNews } from '../admission/membership.ts';

/** What a line can carry, in bytes/s each way: 1 Gbit/s. */
const DEFAULT_MAX_BYTES_PER_S = 125_000_000;
/** Clients whose last report is kept; the half heard of the longest time ago makes room. */
const DEFAULT_MAX_COUNT = 500_000;

export interface TransferDeltasOptions {
  /** How long a report is kept for the next, at least; at most twice as long. */
  readonly lifetimeMs: number;
  readonly maxBytesPerS?: number;
  readonly maxCount?: number;
}

/** Bytes to credit. */
export interface TransferDelta {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Whether more was claimed. */
  readonly isClipped: boolean;
}

interface Report {
  uploaded: number;
  downloaded: number;
  heardMs: number;
}

export class TransferDeltas {
  readonly #lifetimeMs: number;
  readonly #maxBytesPerMs: number;
  readonly #maxCount: number;
  /** By user, torrent and peer id: those of the present period, and the rest of the one before. */
  #young = new Map<string, Report>();
  #old = new Map<string, Report>();
  #periodEndMs = Number.NEGATIVE_INFINITY;

  constructor(options: TransferDeltasOptions) {
    this.#lifetimeMs = options.lifetimeMs;
    this.#maxBytesPerMs = (options.maxBytesPerS ?? DEFAULT_MAX_BYTES_PER_S) / 1_000;
    this.#maxCount = options.maxCount ?? DEFAULT_MAX_COUNT;
  }

  /** Clients whose reports are kept. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Takes a report. @returns what it adds; undefined for nothing */
  take(member: number, news: TransferNews): TransferDelta | undefined {
    const { nowMs, uploaded, downloaded } = news;
    if (nowMs >= this.#periodEndMs || this.size >= this.#maxCount) this.#turn(nowMs);
    const key = `${member}/${textOf(news.infoHash)}${news.peerId}`;
    const before = this.#young.get(key) ?? this.#old.get(key);
    this.#old.delete(key);
    if (news.isStopped) this.#young.delete(key);
    else this.#young.set(key, { uploaded, downloaded, heardMs: nowMs });
    if (before === undefined || news.isStarted) return undefined;
    const up = Math.max(0, uploaded - before.uploaded);
    const down = Math.max(0, downloaded - before.downloaded);
    if (up === 0 && down === 0) return undefined;
    const most = Math.floor((nowMs - before.heardMs) * this.#maxBytesPerMs);
    return {
      uploaded: Math.min(up, most),
      downloaded: Math.min(down, most),
      isClipped: up > most || down > most,
    };
  }

  /** The next period: what was not heard of in the last one is forgotten. */
  #turn(nowMs: number): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#periodEndMs = nowMs + this.#lifetimeMs;
  }
}

/** Two characters a word. */
function textOf(infoHash: Int32Array): string {
  let text = '';
  for (const word of infoHash) text += String.fromCharCode(word >>> 16, word & 0xffff);
  return text;
}
