/**
 * How much each client has moved since its announce before. No IO.
 *
 * Clients report bytes since they started a torrent. So what counts is the difference to the report
 * before of the same user, torrent and peer id, wherever it came from: a client that moves, or
 * announces over IPv4 and IPv6, HTTP and UDP, is one. A report that it brings back itself
 * (tracker-ids.ts) counts as one that was kept. A first report, one with `started` and one below the
 * one before are only a new beginning; one below it under another key is of another client that has
 * the same peer id, and begins nothing, or both would be credited what the other has moved. Keys do
 * not name a client alone: some send one with HTTP and another with UDP.
 *
 * Nobody can check a report, but nobody moves more than a fast line does in the time between two:
 * what goes beyond that is cut off and noted.
 */
import type { Report, TransferNews } from '../admission/membership.ts';

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

interface KeptReport extends Report {
  readonly key: number;
  /** It stays then too: nobody may go on from an older one that he brings back. */
  readonly hasEnded: boolean;
}

export class TransferDeltas {
  readonly #lifetimeMs: number;
  readonly #maxBytesPerMs: number;
  readonly #maxCount: number;
  /** By user, torrent and peer id: those of the present period, and the rest of the one before. */
  #young = new Map<string, KeptReport>();
  #old = new Map<string, KeptReport>();
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
    const name = `${member}/${textOf(news.infoHash)}${news.peerId}`;
    const kept = this.#young.get(name) ?? this.#old.get(name);
    if (kept !== undefined && isOfAnother(kept, news)) return undefined;
    const before = latest(kept, news.before);
    this.#old.delete(name);
    const { key, isStopped: hasEnded } = news;
    this.#young.set(name, { uploaded, downloaded, heardMs: nowMs, key, hasEnded });
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

/** Whether two clients have one peer id. */
function isOfAnother(kept: KeptReport, news: TransferNews): boolean {
  if (kept.hasEnded || news.isStarted || news.key === kept.key) return false;
  return news.uploaded < kept.uploaded || news.downloaded < kept.downloaded;
}

/** What to count from; undefined when there is nothing or the client has ended. */
function latest(kept: KeptReport | undefined, brought: Report | undefined): Report | undefined {
  if (kept === undefined || (brought !== undefined && brought.heardMs > kept.heardMs))
    return brought;
  return kept.hasEnded ? undefined : kept;
}

/** Two characters a word. */
function textOf(infoHash: Int32Array): string {
  let text = '';
  for (const word of infoHash) text += String.fromCharCode(word >>> 16, word & 0xffff);
  return text;
}
