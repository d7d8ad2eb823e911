/** Keeps the swarms over a restart: reads the snapshot at the start, writes it at intervals and in the end. */
import { rename } from 'node:fs/promises';
import { atMost, type Clock, type Log, type Timer } from '@shoal/units';
import { type BatchSink, readBatch } from '../exchange/batch-reader.ts';
import { ExchangeError } from '../exchange/exchange-error.ts';
import type { MemorySwarmStore } from '../swarm/memory-swarm-store.ts';
import { MAX_AHEAD_S } from '../swarm/ticks.ts';
import { demandSnapshot, type ReplaceFile, readSnapshot, writeSnapshot } from './snapshot-file.ts';

const DEFAULT_PERIOD_MS = 300_000;
/** A disk that hangs keeps nothing else from being closed. */
const LAST_SAVE_TIMEOUT_MS = 20_000;

export interface SnapshotKeeperOptions {
  readonly path: string;
  readonly store: MemorySwarmStore;
  /** Takes what the file holds. Default: the store. */
  readonly restoring?: BatchSink;
  /** Peers not heard of for longer are not restored. */
  readonly peerLifetimeS: number;
  readonly clock: Clock;
  readonly log: Log;
  /** How a file is written: the one before it is there until the new one is. */
  readonly replaceFile: ReplaceFile;
  /** Between two snapshots. Default 300,000. */
  readonly periodMs?: number;
}

export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  readonly #timer: Timer;
  #writing: Promise<void> | undefined;
  #savedMs: number | undefined;
  #isClosed = false;

  /**
   * Fills the store from the file and starts to keep it. Without a file the store stays empty; so it does
   * with one that is damaged or of another version, which is put aside, with one warning.
   * @throws ExchangeError `not-a-snapshot` when the file is something else; the system's error when it
   *   cannot be told or put aside
   */
  static async open(options: SnapshotKeeperOptions): Promise<SnapshotKeeper> {
    await demandSnapshot(options.path);
    await restore(options);
    return new SnapshotKeeper(options);
  }

  private constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
    const { clock, periodMs = DEFAULT_PERIOD_MS } = options;
    this.#timer = clock.every(periodMs, () => void this.save());
  }

  /** When this process wrote one last, in milliseconds since 1970. */
  get savedMs(): number | undefined {
    return this.#savedMs;
  }

  /** Writes a snapshot; a fault is a warning, the next one may succeed. One at a time. */
  save(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Writes the last snapshot, in 20 s or not: call it when no announce comes any more. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.cancel();
    const { path, clock, log } = this.#options;
    if (await atMost(LAST_SAVE_TIMEOUT_MS, clock, this.#saveLast())) return;
    const reason = `it takes more than ${LAST_SAVE_TIMEOUT_MS / 1_000} s`;
    log.warn('snapshot not written', { path, reason });
  }

  async #saveLast(): Promise<void> {
    await this.#writing;
    await this.save();
  }

  async #write(): Promise<void> {
    const { path, store, clock, log, replaceFile } = this.#options;
    const startMs = clock.nowMs();
    try {
      const byteLength = await writeSnapshot(path, store.reader(), clock, replaceFile);
      this.#savedMs = clock.wallMs();
      const tookMs = Math.round(clock.nowMs() - startMs);
      log.debug('snapshot written', { path, byteLength, peerCount: store.peerCount, tookMs });
    } catch (error) {
      log.warn('snapshot not written', { path, reason: reasonOf(error) });
    }
  }
}

async function restore({
  path,
  store,
  restoring = fill(store),
  peerLifetimeS,
  clock,
  log,
}: SnapshotKeeperOptions): Promise<void> {
  try {
    // Looked through first: of a damaged file nothing is taken.
    for await (const _ of readSnapshot(path));
    const sink = withoutOld(restoring, clock.nowMs() - 1_000 * peerLifetimeS);
    const nowS = Math.floor(clock.nowMs() / 1_000);
    const wallS = Math.floor(clock.wallMs() / 1_000);
    // A wall clock that went back makes no peer younger than now.
    const localS = (baseS: number): number => nowS + Math.min(baseS - wallS, MAX_AHEAD_S);
    for await (const batch of readSnapshot(path)) readBatch(batch, localS, sink);
    log.info('snapshot restored', { path, peerCount: store.peerCount });
  } catch (error) {
    if (isMissing(error)) return;
    const reason = reasonOf(error);
    const keptAs = await putAside(path, clock);
    log.warn('snapshot not restored: starting empty', { path, reason, keptAs });
  }
}

/**
 * Out of the way of the next snapshot: another version may read it, or a person.
 * @returns where it is
 */
async function putAside(path: string, clock: Clock): Promise<string> {
  const time = new Date(clock.wallMs()).toISOString().replaceAll(/\.\d+|[-:]/g, '');
  const aside = `${path}.unread-${time}`;
  try {
    await rename(path, aside);
  } catch (error) {
    // Another tracker that has the same file was faster.
    if (!isMissing(error)) throw error;
  }
  return aside;
}

/** As a store takes it that nobody else has told anything. */
function fill(store: MemorySwarmStore): BatchSink {
  return {
    takePeer: (announce) => store.announce(announce),
    takeCompleted: (infoHash, count) => store.setCompletedCount(infoHash, count),
  };
}

/** Leaves out peers that were heard of before `oldestMs`. */
function withoutOld(sink: BatchSink, oldestMs: number): BatchSink {
  return {
    takePeer: (announce) => {
      if (announce.nowMs >= oldestMs && !announce.isStopped) sink.takePeer(announce);
    },
    takeCompleted: (...completed) => sink.takeCompleted(...completed),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** @throws what is neither the file's fault nor the system's */
function reasonOf(error: unknown): string {
  if (error instanceof ExchangeError) return error.message;
  if (error instanceof Error && 'syscall' in error) return error.message;
  throw error;
}
