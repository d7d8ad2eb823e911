/** One torrent: wires its parts together, and takes what a person wants of it. */
import { type Info, parseInfo } from '@shoal/metainfo';
import { type InfoHash, idToHex, type PeerAddress } from '@shoal/units';
import type { RemoveOptions, StoreKind, TorrentHandle } from './api.ts';
import type { Content } from './content.ts';
import type { ContentCheck } from './content-check.ts';
import { isUnusable, type Opened, openContent } from './open-content.ts';
import type { ResumeState } from './state/resume.ts';
import { ResumeKeeper } from './state/resume-keeper.ts';
import type { FilePriority, Limits, TorrentDetail, TorrentSummary } from './state/snapshot.ts';
import { folderOf } from './state/torrent-disk.ts';
import { ByHand } from './torrent-by-hand.ts';
import { TorrentLife } from './torrent-life.ts';
import { TorrentNetwork } from './torrent-network.ts';
import type { TorrentOptions } from './torrent-options.ts';
import type { TorrentParts } from './torrent-parts.ts';
import { TorrentPieces } from './torrent-pieces.ts';
import { TorrentRecord } from './torrent-record.ts';
import { TorrentReporter } from './torrent-reporter.ts';
import { detail, summarize } from './torrent-snapshot.ts';
import { readInfo } from './torrent-source.ts';
import { composeState, takeState } from './torrent-state.ts';
import type { TorrentStatus } from './torrent-status.ts';
import { Traffic } from './transfer/traffic.ts';

/** A detail is built anew at most this often. */
const DETAIL_EVERY_MS = 200;

export class Torrent implements TorrentHandle {
  readonly infoHash: string;
  readonly infoHashBytes: InfoHash;
  readonly record: TorrentRecord;
  readonly traffic: Traffic;
  readonly reporter: TorrentReporter;
  readonly network: TorrentNetwork;
  readonly byHand: ByHand;
  readonly #options: TorrentOptions;
  readonly #parts: TorrentParts;
  readonly #keeper: ResumeKeeper;
  readonly #life: TorrentLife;
  readonly #pieces: TorrentPieces;
  #opened: Opened | undefined;
  #detail: { readonly atMs: number; readonly value: TorrentDetail } | undefined;

  constructor(options: TorrentOptions) {
    const { parts, infoHash, limits } = options;
    this.#options = options;
    this.#parts = parts;
    this.infoHashBytes = infoHash;
    this.infoHash = idToHex(infoHash);
    this.record = new TorrentRecord(options, parts.clock.wallMs());
    this.reporter = new TorrentReporter(this.infoHash, parts);
    this.traffic = new Traffic(limits, parts, parts.clock.nowMs());
    this.#keeper = new ResumeKeeper({
      infoHash: this.infoHash,
      folder: parts.stateFolder,
      clock: parts.clock,
      compose: () => composeState(this, this.#opened, () => this.#life.isPaused),
      movedLength: () => this.traffic.movedLength,
      handleWriteError: (error) => this.reporter.note('error', error.message),
    });
    this.network = new TorrentNetwork({
      infoHash,
      parts,
      tiers: options.trackerTiers,
      content: () => this.content,
      stats: () => ({
        uploaded: this.traffic.up.meter.total,
        downloaded: this.traffic.down.meter.total,
        // A magnet does not know yet: anything but 0, or the tracker takes us for a seeder.
        left: this.content?.leftLength ?? 1,
      }),
      handleInfo: (infoBytes) => this.#takeInfo(infoBytes),
      reporter: this.reporter,
    });
    const { network, reporter } = this;
    this.#life = new TorrentLife({ parts, network, reporter, keeper: this.#keeper });
    this.#pieces = new TorrentPieces({
      parts,
      network,
      reporter,
      keeper: this.#keeper,
      life: this.#life,
      content: () => this.content,
    });
    this.byHand = new ByHand({
      clock: parts.clock,
      network,
      content: () => this.content,
      addTracker: (url) => this.addTracker(url),
      handleLost: (pieceIndex) => this.#pieces.handleLostByHand(pieceIndex),
    });
  }

  get info(): Info | undefined {
    return this.content?.info;
  }

  get storeKind(): StoreKind {
    return this.record.storeKind;
  }

  get storeFolder(): string {
    const { storeKind, outputFolder, name } = this.record;
    return this.content === undefined ? outputFolder : folderOf(storeKind, outputFolder, name);
  }

  get status(): TorrentStatus {
    return this.#life.status;
  }

  get content(): Content | undefined {
    return this.#opened?.content;
  }

  get check(): ContentCheck | undefined {
    return this.#opened?.check;
  }

  /**
   * Takes up the state of the last run and begins. One that is new is in the state folder by then.
   * @throws EngineError `bad-selection`
   */
  async start(): Promise<void> {
    const { info, isPaused, peers } = this.#options;
    const { state, isDamaged } = await this.#keeper.load();
    if (state !== undefined) takeState(this, state);
    for (const address of peers) this.network.keepPeer(address);
    const known = info ?? readInfo(state?.infoBytes);
    if (known !== undefined) this.#life.setContent(this.#open(known, state));
    this.#life.isPaused = isPaused ?? state?.isPaused ?? false;
    // Before it begins: it may be complete at once, and whoever adds it is to hear of that.
    if (state === undefined) await this.#keeper.save();
    this.#life.start();
    this.#keeper.markDirty();
    this.reporter.emit({ type: 'torrent-added', name: this.record.name });
    const isLost = known === undefined && state?.infoBytes !== undefined;
    if (isDamaged || isLost) this.reporter.stateDamaged(this.record.name);
  }

  /** Resolves when the trackers have heard that it stopped: that may take them long. */
  get goodbye(): Promise<void> {
    return this.#life.goodbye;
  }

  /**
   * Stops for good: saves, lets go of everything, deletes what shall go. Trackers may still be told
   * (`goodbye`).
   * @throws EngineError `state-unwritable`, StoreError: what shall go cannot be deleted
   */
  async close({ forget, eraseData }: RemoveOptions = {}): Promise<void> {
    const { stateFolder } = this.#parts;
    await this.#life.close();
    // Whatever still waits to be saved would bring back what is forgotten.
    await this.#keeper.close();
    try {
      await this.content?.store.close();
      if (forget) await stateFolder.remove(this.infoHash);
      if (eraseData) await this.content?.store.erase();
    } finally {
      await stateFolder.unlock(this.infoHash);
    }
  }

  /** Once a second. */
  tick(nowMs: number): void {
    const flows = this.traffic.tick(nowMs);
    this.network.tick(nowMs);
    this.content?.tick(nowMs);
    this.#keeper.tick(nowMs);
    this.#life.tick(nowMs);
    if (flows || this.network.swarm.size > 0) this.#parts.markChanged();
  }

  /** Tokens of a limit came back: asks for more. */
  spendDown(): void {
    this.content?.downloader.refillAll();
  }

  /** Tokens of a limit came back: sends more. */
  spendUp(): void {
    this.content?.uploader.pumpAll();
  }

  // TorrentHandle.

  getSummary(): TorrentSummary {
    return summarize(this, this.#parts.clock.nowMs());
  }

  getDetail(): TorrentDetail {
    const nowMs = this.#parts.clock.nowMs();
    if (this.#detail === undefined || nowMs - this.#detail.atMs >= DETAIL_EVERY_MS)
      this.#detail = { atMs: nowMs, value: detail(this, nowMs) };
    return this.#detail.value;
  }

  pause(): void {
    void this.#life.pause().then(() => this.#keeper.save());
  }

  resume(): void {
    this.#life.resume();
  }

  verify(): Promise<void> {
    return this.#life.verify();
  }

  setLimits(limits: Partial<Limits>): void {
    this.traffic.setLimits(limits);
    this.refresh();
    this.#wished();
  }

  /** A limit was lifted: whoever waited goes on. */
  refresh(): void {
    this.content?.downloader.refillAll();
    this.content?.uploader.pumpAll();
  }

  setSequential(on: boolean): void {
    this.record.sequential = on;
    if (this.content !== undefined) this.content.downloader.sequential = on;
    this.#wished();
  }

  setFilePriority(fileIndex: number, priority: FilePriority): void {
    this.setFilePriorities(new Map([[fileIndex, priority]]));
  }

  setFilePriorities(changes: ReadonlyMap<number, FilePriority>): void {
    this.#pieces.setFilePriorities(changes);
    this.#wished();
  }

  addPeer(address: PeerAddress): void {
    this.network.keepPeer(address);
    this.#wished();
  }

  addTracker(url: string): void {
    if (!this.record.addTracker(url)) return;
    this.network.sources.announcer.addTracker(url);
    this.#wished();
  }

  announce(): void {
    this.network.sources.announcer.announceNow();
  }

  /** Peers sent the metadata. */
  #takeInfo(infoBytes: Uint8Array): void {
    if (this.content !== undefined) return;
    let opened: Opened;
    try {
      opened = this.#open(parseInfo(infoBytes), undefined);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      this.#life.fail(
        error.code,
        `the torrent that the magnet names is unusable: ${error.message}`,
      );
      return;
    }
    this.reporter.emit({ type: 'metadata', name: this.record.name });
    this.#keeper.markDirty();
    this.#parts.markChanged();
    this.#life.setContent(opened);
  }

  #open(info: Info, state: ResumeState | undefined): Opened {
    const { record, traffic, network } = this;
    this.#opened = openContent({
      info,
      state,
      options: this.#options,
      record,
      traffic,
      swarm: network.swarm,
      listener: this.#pieces,
    });
    record.name = info.name;
    network.setContent(this.#opened.content);
    return this.#opened;
  }

  /** A person has changed something. */
  #wished(): void {
    this.#keeper.markWished();
    this.#parts.markChanged();
  }
}
