/** What a torrent has once its metadata is there: its pieces, its files, and the parts that move them. */
import { type ChunkStore, StoreError } from '@shoal/chunk-store';
import type { Info } from '@shoal/metainfo';
import type { Resolve } from '@shoal/tracker/client';
import {
  type Bitfield,
  BLOCK_LENGTH,
  type Clock,
  type PieceIndex,
  type Random,
} from '@shoal/units';
import type { PeerConnection } from './peers/peer-connection.ts';
import type { ActivePiece, PeerKey } from './picking/active-piece.ts';
import { PieceTracker } from './picking/piece-tracker.ts';
import { Selection } from './picking/selection.ts';
import { WebSeeds } from './sources/web-seed/web-seeds.ts';
import { checkPieces, isGoodOnDisk } from './transfer/checker.ts';
import { Downloader } from './transfer/downloader.ts';
import { PieceBuffers } from './transfer/piece-buffers.ts';
import type { RateLimiter } from './transfer/rate-limiter.ts';
import type { RateMeter } from './transfer/rate-meter.ts';
import { Seal, type SealOptions } from './transfer/seal.ts';
import { blockHash } from './transfer/sha1.ts';
import { SmartBan } from './transfer/smart-ban.ts';
import { Uploader } from './transfer/uploader.ts';
import { Verifier } from './transfer/verifier.ts';

/** Bytes of pieces that are being fetched, hashed and written; one piece may always be. */
const ACTIVE_LIMIT = 48 * 1024 * 1024;
/** Bytes of piece buffers kept for the next pieces. */
const SPARE_LENGTH = 16 * 1024 * 1024;

/** What the content tells its torrent. */
export interface ContentListener {
  /** Verified and stored. */
  handleVerified(pieceIndex: PieceIndex): void;
  handleHashFailed(pieceIndex: PieceIndex): void;
  /** `sender` is known to have sent bad bytes: the URL of a web seed, or what `nameOf` says. */
  handleGuilty(sender: string, pieceIndex: PieceIndex): void;
  /** A piece we had turned out to be bad in a check. */
  handleLost(pieceIndex: PieceIndex): void;
  /** A piece was asked for and is no more on disk as it was: others may be changed as well. */
  handleChanged(pieceIndex: PieceIndex): void;
  /** A web seed is left alone for a while, or for good. */
  handleWebSeedTrouble(message: string): void;
  /** This machine cannot store or read. */
  handleStoreFault(error: unknown): void;
}

export interface ContentOptions {
  readonly info: Info;
  readonly store: ChunkStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly down: { readonly limiter: RateLimiter; readonly meter: RateMeter };
  readonly up: { readonly limiter: RateLimiter; readonly meter: RateMeter };
  readonly rechecks: SealOptions['turns'];
  readonly listener: ContentListener;
  readonly webSeeds: readonly string[];
  /** Client name and version for web seeds. */
  readonly userAgent: string;
  /** Finds web seeds by their names. */
  readonly resolve: Resolve;
  peers(): Iterable<PeerConnection>;
  /** One text for all connections of a peer of this torrent, also of one that left. */
  nameOf(peerKey: PeerKey): string | undefined;
}

export class Content {
  readonly info: Info;
  readonly store: ChunkStore;
  readonly tracker: PieceTracker;
  readonly selection: Selection;
  readonly downloader: Downloader;
  readonly uploader: Uploader;
  readonly seal: Seal;
  readonly #options: ContentOptions;
  readonly #buffers: PieceBuffers;
  readonly #verifier: Verifier;
  readonly #smartBan = new SmartBan();
  readonly #webSeeds: WebSeeds;
  readonly #rechecking = new Set<PieceIndex>();

  constructor(options: ContentOptions) {
    const { info, store, random, clock } = options;
    this.#options = options;
    this.info = info;
    this.store = store;
    this.tracker = new PieceTracker(info.layout, random);
    this.selection = new Selection(info.files, info.layout);
    this.#buffers = new PieceBuffers(info.layout.pieceLength, SPARE_LENGTH);
    this.#verifier = new Verifier({
      pieceHashes: info.pieceHashes,
      store,
      buffers: this.#buffers,
      handleVerified: (piece, bytes) => this.#handleVerified(piece, bytes),
      handleFailed: (piece, bytes) => this.#handleFailed(piece, bytes),
      handleStoreError: (piece, error) => {
        this.tracker.notStored(piece.index);
        options.listener.handleStoreFault(error);
      },
    });
    this.downloader = new Downloader({
      tracker: this.tracker,
      buffers: this.#buffers,
      limiter: options.down.limiter,
      meter: options.down.meter,
      clock,
      activeLimit: ACTIVE_LIMIT,
      peers: options.peers,
      handleComplete: (piece) => this.#verifier.verify(piece),
    });
    this.#webSeeds = new WebSeeds(options.webSeeds, {
      info,
      tracker: this.tracker,
      downloader: this.downloader,
      limiter: options.down.limiter,
      activeLimit: ACTIVE_LIMIT,
      clock,
      userAgent: options.userAgent,
      resolve: options.resolve,
      handleTrouble: (message) => options.listener.handleWebSeedTrouble(message),
      handleGivenUp: () => this.#askAll(),
    });
    this.seal = new Seal({ store, recheck: this.recheck.bind(this), turns: options.rechecks });
    this.uploader = new Uploader({
      layout: info.layout,
      have: this.tracker.have,
      read: (pieceIndex, begin, length, into) => this.seal.read(pieceIndex, begin, length, into),
      limiter: options.up.limiter,
      meter: options.up.meter,
      clock,
      peers: options.peers,
      handleReadError: (pieceIndex, error) => this.#handleReadError(pieceIndex, error),
    });
  }

  /** URL of a web seed by its key; undefined for keys of peers. */
  webSeedUrl(key: number): string | undefined {
    return this.#webSeeds.urlOf(key);
  }

  /** It sent bad data: it is not asked again. @returns false when the URL is no web seed of ours */
  banWebSeed(url: string): boolean {
    return this.#webSeeds.ban(url);
  }

  /** Once a second. */
  tick(nowMs: number): void {
    this.downloader.tick(nowMs);
    this.#webSeeds.tick(nowMs);
  }

  /** Begins to fetch what is missing, from the peers that are connected and from web seeds. */
  fetch(): void {
    this.downloader.enable();
    this.#askAll();
  }

  /**
   * All that is wanted is here, and there is something: a person who has selected nothing yet waits
   * for nothing, but has completed nothing either.
   */
  get isDone(): boolean {
    const { isDone, wantedCount, have } = this.tracker;
    return isDone && (wantedCount > 0 || have.count > 0 || !this.selection.isNothing);
  }

  /** Bytes that are not here, wanted or not: what trackers are told as `left`. BEP 3. */
  get leftLength(): number {
    const { layout, have } = this.tracker;
    const lastPiece = layout.pieceIndex(layout.pieceCount - 1);
    const missingCount = layout.pieceCount - have.count;
    if (lastPiece === undefined || missingCount === 0) return 0;
    const shorter = have.has(lastPiece) ? 0 : layout.pieceLength - layout.lengthOf(lastPiece);
    return missingCount * layout.pieceLength - shorter;
  }

  /** The selection changed: tells the pieces and the store, and drops what is no more wanted. */
  applySelection(): void {
    this.selection.apply(this.tracker);
    this.downloader.dropUnwanted();
    const { priorities } = this.selection;
    this.store
      .select((fileIndex) => priorities[fileIndex] !== 'off')
      .catch((error) => this.#options.listener.handleStoreFault(error));
  }

  /** Hashes the suspects; what is good is had from then on, what was had and is bad is lost. */
  async check(
    suspects: Bitfield,
    signal: AbortSignal,
    handleProgress: (checkedCount: number) => void,
  ): Promise<void> {
    let checkedCount = 0;
    await checkPieces({
      store: this.store,
      layout: this.info.layout,
      pieceHashes: this.info.pieceHashes,
      suspects,
      signal,
      handleResult: (pieceIndex, isGood) => {
        if (isGood) this.adopt(pieceIndex);
        else this.lose(pieceIndex);
        handleProgress(++checkedCount);
      },
    });
  }

  /** A piece is here that nobody put in this run: before a state claims it, it is made durable. */
  adopt(pieceIndex: PieceIndex): void {
    if (this.tracker.verified(pieceIndex)) this.store.adopt(pieceIndex);
  }

  /** A piece is not here, or not any more. */
  lose(pieceIndex: PieceIndex): void {
    if (this.tracker.lost(pieceIndex)) this.#options.listener.handleLost(pieceIndex);
  }

  /**
   * Whether one piece on disk is right.
   * @param into - where it is read to, a piece long; fresh memory when left out
   * @throws StoreError when the disk fails
   */
  recheck(pieceIndex: PieceIndex, into?: Uint8Array): Promise<boolean> {
    const { layout, pieceHashes } = this.info;
    return isGoodOnDisk({ store: this.store, layout, pieceHashes }, pieceIndex, into);
  }

  /** Stops transfers and waits for pieces that are being written. */
  async stop(): Promise<void> {
    this.#webSeeds.stop();
    this.downloader.disable();
    this.uploader.disable();
    await this.#verifier.settled();
    this.#buffers.clear();
  }

  #handleVerified(piece: ActivePiece, bytes: Uint8Array): void {
    const guilty = this.#smartBan.recordSuccess(
      piece.index,
      (begin, length) => bytes.subarray(begin, begin + length),
      blockHash,
    );
    for (const sender of guilty) this.#options.listener.handleGuilty(sender, piece.index);
    if (this.tracker.verified(piece.index)) this.#options.listener.handleVerified(piece.index);
    this.downloader.refillStarved();
  }

  #handleFailed(piece: ActivePiece, bytes: Uint8Array): void {
    this.downloader.wastedLength += piece.length;
    const blocks = Array.from({ length: piece.blockCount }, (_, block) => {
      const begin = block * BLOCK_LENGTH;
      const key = piece.senders[block]!;
      const sender = this.webSeedUrl(key) ?? this.#options.nameOf(key) ?? '';
      return { begin, bytes: bytes.subarray(begin, begin + BLOCK_LENGTH), sender };
    });
    this.tracker.failed(piece.index);
    this.#options.listener.handleHashFailed(piece.index);
    for (const sender of this.#smartBan.recordFailure(piece.index, blocks, blockHash))
      if (sender !== '') this.#options.listener.handleGuilty(sender, piece.index);
    this.#askAll();
  }

  #askAll(): void {
    this.downloader.refillAll();
    this.#webSeeds.tick(this.#options.clock.nowMs());
  }

  /** A piece we claim to have did not read: it is checked, and lost if it is bad. */
  #handleReadError(pieceIndex: PieceIndex, error: unknown): void {
    if (error instanceof StoreError && error.code === 'too-many-files') return; // asked again later
    if (this.#rechecking.has(pieceIndex)) return;
    this.#rechecking.add(pieceIndex);
    this.recheck(pieceIndex).then(
      (isGood) => {
        this.#rechecking.delete(pieceIndex);
        if (!isGood && this.tracker.lost(pieceIndex))
          this.#options.listener.handleChanged(pieceIndex);
      },
      (fault) => {
        this.#rechecking.delete(pieceIndex);
        this.#options.listener.handleStoreFault(fault);
      },
    );
  }
}
