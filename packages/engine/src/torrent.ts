/** One torrent: wires its parts together and moves it from state to state. */

import { BencodeError } from '@shoal/bencode';
import { StoreError } from '@shoal/chunk-store';
import { type Info, MetainfoError, parseInfo } from '@shoal/metainfo';
import { type InfoHash, idToHex, type PeerAddress, type PieceIndex } from '@shoal/units';
import type { StoreKind, TorrentHandle } from './api.ts';
import { Content, type ContentListener } from './content.ts';
import { ContentCheck } from './content-check.ts';
import { EngineError } from './engine-error.ts';
import type { ResumeState } from './state/resume.ts';
import { ResumeKeeper } from './state/resume-keeper.ts';
import type { FilePriority, Limits, TorrentDetail, TorrentSummary } from './state/snapshot.ts';
import { folderOf, TorrentDisk } from './state/torrent-disk.ts';
import { ByHand } from './torrent-by-hand.ts';
import { TorrentLife } from './torrent-life.ts';
import { TorrentNetwork } from './torrent-network.ts';
import type { TorrentOptions } from './torrent-options.ts';
import type { TorrentParts } from './torrent-parts.ts';
import { TorrentReporter } from './torrent-reporter.ts';
import { detail, summarize } from './torrent-snapshot.ts';
import { readInfo } from './torrent-source.ts';
import type { TorrentStatus } from './torrent-status.ts';
import { Traffic } from './transfer/traffic.ts';

/** A detail is built anew at most this often. */
const DETAIL_EVERY_MS = 200;

export class Torrent implements TorrentHandle, ContentListener {
  readonly infoHash: string;
  readonly infoHashBytes: InfoHash;
  readonly outputFolder: string;
  readonly storeKind: StoreKind;
  readonly webSeeds: readonly string[];
  readonly traffic: Traffic;
  readonly reporter: TorrentReporter;
  readonly network: TorrentNetwork;
  readonly byHand: ByHand;
  readonly #options: TorrentOptions;
  readonly #parts: TorrentParts;
  readonly #keeper: ResumeKeeper;
  readonly #life: TorrentLife;
  #trackerTiers: readonly (readonly string[])[];
  #name: string;
  #content: Content | undefined;
  #check: ContentCheck | undefined;
  #formerWasted = 0;
  #addedAtMs: number;
  #sequential: boolean;
  /** Indexes of the files that were asked for when it was added. */
  #selectedFiles: readonly number[] | undefined;
  #detail: { readonly atMs: number; readonly value: TorrentDetail } | undefined;

  constructor(options: TorrentOptions) {
    const { parts, infoHash, limits } = options;
    this.#options = options;
    this.#parts = parts;
    this.infoHashBytes = infoHash;
    this.infoHash = idToHex(infoHash);
    this.outputFolder = options.outputFolder;
    this.storeKind = options.storeKind;
    this.webSeeds = options.webSeeds;
    this.#trackerTiers = options.trackerTiers;
    this.#name = options.name;
    this.#sequential = options.sequential;
    this.#selectedFiles = options.selectedFiles;
    this.#addedAtMs = parts.clock.wallMs();
    this.reporter = new TorrentReporter(this.infoHash, parts);
    this.traffic = new Traffic(limits, parts);
    this.#keeper = new ResumeKeeper({
      infoHash: this.infoHash,
      folder: parts.stateFolder,
      clock: parts.clock,
      compose: () => this.#composeState(),
      handleWriteError: (error) => this.reporter.note('error', error.message),
    });
    this.network = new TorrentNetwork({
      infoHash,
      parts,
      tiers: options.trackerTiers,
      content: () => this.#content,
      stats: () => ({
        uploaded: this.traffic.up.meter.total,
        downloaded: this.traffic.down.meter.total,
        // A magnet does not know yet: anything but 0, or the tracker takes us for a seeder.
        left: this.#content?.leftLength ?? 1,
      }),
      handleInfo: (infoBytes) => this.#takeInfo(infoBytes),
      reporter: this.reporter,
    });
    const { network, reporter } = this;
    this.#life = new TorrentLife({ parts, network, reporter, keeper: this.#keeper });
    this.byHand = new ByHand({
      clock: parts.clock,
      network: this.network,
      content: () => this.#content,
      addTracker: (url) => this.addTracker(url),
      handleLost: (pieceIndex) => {
        this.handleLost(pieceIndex);
        this.network.swarm.haves?.recount();
        this.#life.reconsider();
      },
    });
  }

  get info(): Info | undefined {
    return this.#content?.info;
  }

  get storeFolder(): string {
    if (this.#content === undefined) return this.outputFolder;
    return folderOf(this.storeKind, this.outputFolder, this.#name);
  }

  get name(): string {
    return this.#name;
  }

  get status(): TorrentStatus {
    return this.#life.status;
  }

  get content(): Content | undefined {
    return this.#content;
  }

  get checkedFraction(): number {
    return this.#check?.fraction ?? 0;
  }

  get addedAtMs(): number {
    return this.#addedAtMs;
  }

  get sequential(): boolean {
    return this.#sequential;
  }

  get trackerTiers(): readonly (readonly string[])[] {
    return this.#trackerTiers;
  }

  /** Bytes that were received in vain, all runs. */
  get wasted(): number {
    return this.#formerWasted + (this.#content?.downloader.wastedLength ?? 0);
  }

  /**
   * Takes up the state of the last run and begins. One that is new is in the state folder by then.
   * @throws EngineError `bad-selection`
   */
  async start(): Promise<void> {
    const { info, isPaused, peers } = this.#options;
    const { state, isDamaged } = await this.#keeper.load();
    if (state !== undefined) this.#takeState(state);
    for (const address of peers) this.network.keepPeer(address);
    const known = info ?? readInfo(state?.infoBytes);
    if (known !== undefined) {
      this.#openContent(known, state);
      this.#life.setContent(this.#content!, this.#check!);
    }
    this.#life.isPaused = isPaused || (state?.isPaused ?? false);
    // Before it begins: it may be complete at once, and whoever adds it is to hear of that.
    if (state === undefined) await this.#keeper.save();
    this.#life.start();
    this.#keeper.markDirty();
    this.reporter.emit({ type: 'torrent-added', name: this.#name });
    const isLost = known === undefined && state?.infoBytes !== undefined;
    if (isDamaged || isLost) this.reporter.stateDamaged(this.#name);
  }

  /** Resolves when the trackers have heard that it stopped: that may take them long. */
  get goodbye(): Promise<void> {
    return this.#life.goodbye;
  }

  /** Stops for good: saves and lets go of everything. Trackers may still be told (`goodbye`). */
  async close(): Promise<void> {
    await this.#life.close();
    await this.#keeper.save();
    await this.#content?.store.close();
    await this.#parts.stateFolder.unlock(this.infoHash);
  }

  /** Once a second. */
  tick(nowMs: number): void {
    const flows = this.traffic.tick(nowMs);
    this.network.tick(nowMs);
    this.#content?.tick(nowMs);
    this.#keeper.tick(nowMs);
    this.#life.tick(nowMs);
    if (flows || this.network.swarm.size > 0) this.#parts.markChanged();
  }

  /** Tokens of a limit came back: asks for more. */
  spendDown(): void {
    if (!this.traffic.down.limiter.isUnlimited) this.#content?.downloader.refillAll();
  }

  /** Tokens of a limit came back: sends more. */
  spendUp(): void {
    if (!this.traffic.up.limiter.isUnlimited) this.#content?.uploader.pumpAll();
  }

  // TorrentHandle.

  getSummary(): TorrentSummary {
    return summarize(this);
  }

  getDetail(): TorrentDetail {
    const nowMs = this.#parts.clock.nowMs();
    if (this.#detail === undefined || nowMs - this.#detail.atMs >= DETAIL_EVERY_MS)
      this.#detail = { atMs: nowMs, value: detail(this) };
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
    this.#content?.downloader.refillAll();
    this.#content?.uploader.pumpAll();
  }

  setSequential(on: boolean): void {
    this.#sequential = on;
    if (this.#content !== undefined) this.#content.downloader.sequential = on;
    this.#wished();
  }

  setFilePriority(fileIndex: number, priority: FilePriority): void {
    const content = this.#content;
    if (content === undefined)
      throw new EngineError('bad-selection', 'the files are not known yet');
    if (content.info.files[fileIndex] === undefined) throw noSuchFile(fileIndex, content.info);
    content.selection.set(fileIndex, priority);
    content.applySelection();
    content.seal.open();
    this.network.swarm.haves?.recount();
    this.#life.reconsider();
    this.#wished();
  }

  addPeer(address: PeerAddress): void {
    this.network.keepPeer(address);
    this.#wished();
  }

  addTracker(url: string): void {
    if (this.#trackerTiers.flat().includes(url)) return;
    this.#trackerTiers = [...this.#trackerTiers, [url]];
    this.network.sources.announcer.addTracker(url);
    this.#wished();
  }

  announce(): void {
    this.network.sources.announcer.announceNow();
  }

  // From the content.

  handleVerified(pieceIndex: PieceIndex): void {
    this.network.swarm.haves?.announce(pieceIndex);
    this.reporter.emit({ type: 'piece', index: pieceIndex });
    this.#changed();
    this.#life.handleVerified(this.#content!.info.layout.lengthOf(pieceIndex));
  }

  handleHashFailed(pieceIndex: PieceIndex): void {
    this.reporter.hashFailed(pieceIndex);
  }

  handleGuilty(sender: string, pieceIndex: PieceIndex): void {
    const deed = `sent bad data for piece ${pieceIndex}`;
    if (this.#content?.banWebSeed(sender))
      this.reporter.note('warn', `web seed ${sender} ${deed}: it is not asked again`);
    else this.network.banPeer(sender, deed);
  }

  handleWebSeedTrouble(message: string): void {
    this.reporter.note('warn', message);
  }

  handleLost(pieceIndex: PieceIndex): void {
    this.reporter.note('error', `piece ${pieceIndex} is no more on disk as it was verified`);
    this.network.retract(pieceIndex);
    this.#changed();
  }

  handleChanged(pieceIndex: PieceIndex): void {
    this.handleLost(pieceIndex);
    // Where one piece was changed others may be, and nothing may be served before that is known.
    void this.#life.verify();
  }

  handleStoreFault(error: unknown): void {
    this.#life.handleStoreFault(error);
  }

  // Content and its check.

  #takeInfo(infoBytes: Uint8Array): void {
    if (this.#content !== undefined) return;
    try {
      this.#openContent(parseInfo(infoBytes), undefined);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      this.#life.fail(
        error.code,
        `the torrent that the magnet names is unusable: ${error.message}`,
      );
      return;
    }
    this.reporter.emit({ type: 'metadata', name: this.#name });
    this.#changed();
    this.#life.setContent(this.#content!, this.#check!);
  }

  #openContent(info: Info, state: ResumeState | undefined): void {
    const { parts, storeKind: kind, outputFolder, trustComplete } = this.#options;
    const selectedFiles = this.#selectedFiles;
    const disk = new TorrentDisk({ info, kind, outputFolder, handles: parts.handles });
    const content = new Content({
      info,
      store: disk.store,
      clock: parts.clock,
      random: parts.random,
      down: this.traffic.down,
      up: this.traffic.up,
      listener: this,
      webSeeds: this.webSeeds,
      userAgent: parts.userAgent,
      peers: () => this.network.swarm.peers(),
      nameOf: (peerKey) => this.network.swarm.nameOf(peerKey),
    });
    for (const index of selectedFiles ?? [])
      if (info.files[index] === undefined) throw noSuchFile(index, info);
    if (selectedFiles !== undefined) content.selection.only(selectedFiles);
    else if (state?.priorities.length === info.files.length)
      for (const [index, priority] of state.priorities.entries())
        content.selection.set(index, priority);
    content.applySelection();
    content.downloader.sequential = this.#sequential;
    this.#name = info.name;
    this.#content = content;
    this.#check = new ContentCheck({
      content,
      disk,
      claim: state,
      trustComplete,
      handleProgress: () => this.#parts.markChanged(),
    });
    this.network.setContent(content);
  }

  // State.

  #takeState(state: ResumeState): void {
    const { limits } = this.#options;
    this.traffic.addFormer(state);
    this.#formerWasted = state.wasted;
    this.#addedAtMs = state.addedAtMs;
    this.network.restorePeers(state.peers);
    this.traffic.setLimits({
      downBytesPerS: limits.downBytesPerS ?? state.downBytesPerS,
      upBytesPerS: limits.upBytesPerS ?? state.upBytesPerS,
    });
    this.#sequential ||= state.sequential;
    this.#selectedFiles ??= state.selectedFiles;
  }

  /** @throws EngineError `state-unwritable` */
  async #composeState(): Promise<ResumeState> {
    const content = this.#content;
    return {
      name: this.#name,
      infoBytes: content?.info.infoBytes,
      outputFolder: this.outputFolder,
      storeKind: this.storeKind,
      ...((await this.#check?.claimable()) ?? { pieces: undefined, marks: [] }),
      priorities: content?.selection.priorities ?? [],
      selectedFiles: content === undefined ? this.#selectedFiles : undefined,
      ...this.traffic.totals,
      wasted: this.wasted,
      addedAtMs: this.#addedAtMs,
      isPaused: this.#life.isPaused,
      sequential: this.#sequential,
      ...this.traffic.limits,
      trackers: this.#trackerTiers,
      webSeeds: this.webSeeds,
      peers: this.network.knownPeers(),
    };
  }

  /** A person has changed something. */
  #wished(): void {
    this.#keeper.markWished();
    this.#parts.markChanged();
  }

  #changed(): void {
    this.#keeper.markDirty();
    this.#parts.markChanged();
  }
}

/** Bad metadata, a selection it has no file for, or a path that cannot be stored. */
function isUnusable(error: unknown): error is Error & { readonly code: string } {
  const classes = [MetainfoError, BencodeError, EngineError, StoreError];
  return classes.some((faults) => error instanceof faults);
}

function noSuchFile(index: number, info: Info): EngineError {
  return new EngineError(
    'bad-selection',
    `file ${index + 1} of ${info.files.length} does not exist`,
  );
}
