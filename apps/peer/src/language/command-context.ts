/** What one run of a command sees. */
import { formatPercent } from '@shoal/cli';
import type { EngineHandle, TorrentDetail, TorrentHandle } from '@shoal/engine';
import { CommandError } from './command-error.ts';
import { findTorrent, torrentInView } from './find-torrent.ts';
import type { Host } from './host.ts';

/** The engine builds the detail of a torrent anew at most this often. */
const DETAIL_AGE_MS = 200;

export class CommandContext {
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly #named: string | undefined;
  #content: TorrentDetail | undefined;

  /** @param named - what `--torrent` says */
  constructor(host: Host, named: string | undefined, signal: AbortSignal) {
    this.host = host;
    this.signal = signal;
    this.#named = named;
  }

  get engine(): EngineHandle {
    return this.host.engine;
  }

  /** The torrent that is named or in view. @throws CommandError `no-torrent` */
  torrent(): TorrentHandle {
    const { engine } = this;
    const { infoHash } =
      this.#named === undefined
        ? torrentInView(engine, this.host.torrentInView())
        : findTorrent(engine, this.#named);
    return engine.torrent(infoHash)!;
  }

  /** That one, or every one there is. @throws CommandError `no-torrent` */
  torrents(which: 'all' | undefined): readonly TorrentHandle[] {
    const { engine } = this;
    const { torrents } = engine.getSnapshot();
    if (which === undefined || torrents.length === 0) return [this.torrent()];
    return torrents.map(({ infoHash }) => engine.torrent(infoHash)!);
  }

  /** The one that is meant, when it talks to peers and trackers. @throws CommandError `not-now`, `no-torrent` */
  runningTorrent(): TorrentHandle {
    const torrent = this.torrent();
    const { name, status, error, checkedFraction } = torrent.getSummary();
    const subject = name;
    switch (status) {
      case 'paused':
        throw new CommandError('not-now', `${subject} is paused`, 'go on with /resume');
      case 'checking':
        throw new CommandError(
          'not-now',
          `${subject} is being checked (${formatPercent(checkedFraction)})`,
          'wait until that is done',
        );
      case 'error':
        throw new CommandError(
          'not-now',
          `${subject} has stopped: ${error ?? 'an error'}`,
          'mend that and /resume',
        );
      default:
        return torrent;
    }
  }

  /** Everything about the torrent, no older than this call. @throws CommandError `no-torrent` */
  async detail(torrent = this.torrent()): Promise<TorrentDetail> {
    torrent.getDetail();
    await this.sleep(DETAIL_AGE_MS);
    return torrent.getDetail();
  }

  /**
   * The same, once its files are known; taken once in a run.
   * @throws CommandError `not-now`, `no-torrent`
   */
  async content(): Promise<TorrentDetail> {
    const detail = this.#content ?? (await this.detail());
    this.#content = detail;
    if (detail.pieceCount > 0) return detail;
    throw new CommandError(
      'not-now',
      `The metadata of ${detail.name} is not here yet`,
      'wait for a peer that has it',
    );
  }

  /** @throws the signal's reason */
  async sleep(delayMs: number): Promise<void> {
    await this.within(delayMs, new Promise(() => {}));
  }

  /**
   * What the work gives, or undefined when it takes longer than that; it goes on all the same.
   * @throws the signal's reason, and what the work throws in time
   */
  async within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
    this.signal.throwIfAborted();
    const limit = Promise.withResolvers<undefined>();
    const timer = this.host.clock.after(limitMs, () => limit.resolve(undefined));
    const handleAbort = (): void => limit.reject(this.signal.reason);
    this.signal.addEventListener('abort', handleAbort);
    try {
      return await Promise.race([work, limit.promise]);
    } finally {
      timer.cancel();
      this.signal.removeEventListener('abort', handleAbort);
    }
  }
}
