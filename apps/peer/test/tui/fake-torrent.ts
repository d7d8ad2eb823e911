/** A torrent that pretends to be transferred: lively figures, no network, no disk. */
import type {
  FilePriority,
  Limits,
  LogLine,
  PeerSnapshot,
  TorrentDetail,
  TorrentStatusName,
  TorrentSummary,
} from '@shoal/engine';
import { type Bitfield, formatPeerAddress, type PeerAddress } from '@shoal/units';
import type { TorrentPort } from '../../src/tui/engine-port.ts';
import { FAKE_LOG, FAKE_TRACKERS, fakePeers, START_MS } from './fake-peers.ts';
import { pieceLengthFor, someAvailability, somePieces } from './fake-pieces.ts';
import type { FakeSeed } from './fake-seed.ts';
import type { Seeded } from './seeded.ts';

const HISTORY_S = 300;
export class FakeTorrent implements TorrentPort {
  readonly infoHash: string;
  readonly calls: string[] = [];
  /** What `verify` fails with, if it shall. */
  failsWith: Error | undefined;
  /** What happens while `verify` runs. */
  beforeVerified = (): void => {};
  readonly byHand = {
    disconnectPeer: (address: PeerAddress): void =>
      void this.calls.push(`disconnect ${formatPeerAddress(address)}`),
  };
  readonly #seed: FakeSeed;
  readonly #random: Seeded;
  readonly #onChange: () => void;
  readonly #pieceLength: number;
  readonly #pieces: Bitfield;
  readonly #availability: Uint8Array;
  readonly #down: number[] = [];
  readonly #up: number[] = [];
  readonly #priorities: FilePriority[];
  #status: TorrentStatusName;
  #peers: PeerSnapshot[];
  #checked = 0.34;
  #received = 0;
  #sent: number;
  #sequential = false;
  #limits: Limits = { downBytesPerS: undefined, upBytesPerS: undefined };
  #ageS = 0;
  #detail: TorrentDetail | undefined;

  /** @param onChange - called after each change that was asked for */
  constructor(seed: FakeSeed, random: Seeded, onChange: () => void = () => {}) {
    this.#onChange = onChange;
    this.#seed = seed;
    this.#random = random;
    this.infoHash = random.hex(20);
    this.#status = seed.status;
    this.#pieceLength = pieceLengthFor(seed.totalLength);
    const pieceCount = Math.ceil(seed.totalLength / this.#pieceLength);
    this.#pieces = somePieces(pieceCount, seed.have, random);
    this.#availability = someAvailability(pieceCount, seed.peerCount, random);
    this.#priorities = this.#paths().map(() => 'normal');
    this.#peers = this.#makePeers();
    this.#received = this.#haveLength();
    this.#sent = Math.round(this.#received * random.between(0.05, 1.8));
    for (let second = 0; second < HISTORY_S; second++) this.#sample();
  }

  /** Lets a second pass. @returns whether the torrent became complete in it */
  tick(): boolean {
    this.#ageS++;
    this.#detail = undefined;
    this.#sample();
    if (this.#status === 'checking') this.#checked = Math.min(1, this.#checked + 0.01);
    if (this.#status !== 'downloading' && this.#status !== 'seeding') return false;
    this.#sent += this.#up.at(-1)!;
    this.#peers = this.#makePeers();
    if (this.#status === 'seeding') return false;
    this.#received += this.#down.at(-1)!;
    while (this.#haveLength() < this.#received && !this.#pieces.isFull) this.#fetchPiece();
    if (!this.#pieces.isFull) return false;
    this.complete();
    return true;
  }

  complete(): void {
    this.#pieces.fill();
    this.#status = 'seeding';
    this.#detail = undefined;
  }

  getSummary(): TorrentSummary {
    const { name, totalLength, error } = this.#seed;
    const isMetadata = this.#status === 'metadata';
    const isMoving = this.#status === 'downloading' || this.#status === 'seeding';
    const haveLength = this.#haveLength();
    const down = this.#status === 'downloading' ? this.#down.at(-1)! : 0;
    return {
      infoHash: this.infoHash,
      name,
      status: this.#status,
      error: this.#status === 'error' ? error : undefined,
      totalLength: isMetadata ? 0 : totalLength,
      wantedLength: isMetadata ? 0 : totalLength,
      haveLength: isMetadata ? 0 : haveLength,
      fileCount: isMetadata ? 0 : this.#priorities.length,
      wantedFileCount: isMetadata ? 0 : this.#priorities.filter((one) => one !== 'off').length,
      checkedFraction: this.#checked,
      pieceCount: isMetadata ? 0 : this.#pieces.length,
      havePieceCount: isMetadata ? 0 : this.#pieces.count,
      isUnchecked: false,
      downloaded: this.#received,
      uploaded: this.#sent,
      downBytesPerS: down,
      upBytesPerS: isMoving ? this.#up.at(-1)! : 0,
      etaS: down > 0 ? (totalLength - haveLength) / down : undefined,
      ratio: this.#received > 0 ? this.#sent / this.#received : 0,
      peerCount: isMoving || isMetadata ? this.#peers.length : 0,
      seederCount: isMoving ? Math.ceil(this.#peers.length / 3) : 0,
      knownPeerCount: this.#peers.length * 4,
      trackerTrouble: this.#seed.trackerTrouble,
      isPrivate: false,
      addedAtMs: this.#seed.addedAtMs ?? START_MS,
    };
  }

  getDetail(): TorrentDetail {
    this.#detail ??= this.#makeDetail();
    return this.#detail;
  }

  pause(): void {
    this.#set('paused');
  }

  resume(): void {
    this.#set(this.#pieces.isFull ? 'seeding' : 'downloading');
  }

  async verify(): Promise<void> {
    if (this.failsWith !== undefined) throw this.failsWith;
    this.calls.push('verify');
    this.beforeVerified();
  }

  setLimits(limits: Partial<Limits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.#changed();
  }

  setSequential(on: boolean): void {
    this.#sequential = on;
    this.#changed();
  }

  setFilePriority(fileIndex: number, priority: FilePriority): void {
    this.setFilePriorities(new Map([[fileIndex, priority]]));
  }

  setFilePriorities(changes: ReadonlyMap<number, FilePriority>): void {
    for (const [fileIndex, priority] of changes) this.#priorities[fileIndex] = priority;
    this.#changed();
  }

  announce(): void {
    this.calls.push('announce');
  }

  #set(status: TorrentStatusName): void {
    this.#status = status;
    this.#changed();
  }

  #changed(): void {
    this.#detail = undefined;
    this.#onChange();
  }

  #haveLength(): number {
    return this.#pieces.isFull
      ? this.#seed.totalLength
      : Math.min(this.#seed.totalLength, this.#pieces.count * this.#pieceLength);
  }

  #fetchPiece(): void {
    const from = this.#random.below(this.#pieces.length);
    for (let step = 0; step < this.#pieces.length; step++)
      if (this.#pieces.add((from + step) % this.#pieces.length)) return;
  }

  /** Rates wander around what the seed says. */
  #sample(): void {
    const { downBytesPerS, upBytesPerS } = this.#seed;
    const second = this.#down.length + this.#ageS;
    const swell = 0.78 + 0.22 * Math.sin(second / 19) + 0.1 * Math.sin(second / 5.3);
    const start = Math.min(1, this.#down.length / 40);
    push(this.#down, Math.round(downBytesPerS * swell * start * this.#random.between(0.9, 1.1)));
    push(
      this.#up,
      Math.round(upBytesPerS * (1.8 - swell) * start * this.#random.between(0.8, 1.2)),
    );
  }

  #paths(): readonly string[] {
    return this.#seed.files ?? [this.#seed.name];
  }

  #makePeers(): PeerSnapshot[] {
    const { peerCount, downBytesPerS, upBytesPerS, clients } = this.#seed;
    const down = this.#down.at(-1) ?? downBytesPerS;
    const up = this.#up.at(-1) ?? upBytesPerS;
    return fakePeers({ status: this.#status, peerCount, down, up, clients });
  }

  #makeDetail(): TorrentDetail {
    const summary = this.getSummary();
    const isKnown = summary.status !== 'metadata';
    return {
      ...summary,
      pieceLength: this.#pieceLength,
      pieces: this.#pieces.clone(),
      activePieces: summary.status === 'downloading' ? this.#activePieces() : [],
      availability: this.#availability,
      files: isKnown ? this.#files(summary) : [],
      peers: summary.peerCount > 0 ? this.#peers : [],
      trackers: this.#seed.trackers ?? FAKE_TRACKERS,
      log: (this.#seed.log ?? FAKE_LOG).map(
        (text, index): LogLine => ({
          atMs: START_MS + index * 7000,
          level: /failed|refused/.test(text) ? 'warn' : 'info',
          text,
        }),
      ),
      history: { down: this.#down, up: this.#up },
      limits: this.#limits,
      sequential: this.#sequential,
      wasted: 131_072,
      outputFolder: '/home/nora/Downloads',
      magnet: `magnet:?xt=urn:btih:${this.infoHash}`,
    };
  }

  #activePieces(): number[] {
    const active: number[] = [];
    for (let index = this.#ageS % 7; index < this.#pieces.length && active.length < 9; index += 61)
      if (!this.#pieces.has(index)) active.push(index);
    return active;
  }

  #files(summary: TorrentSummary): TorrentDetail['files'] {
    const paths = this.#paths();
    const weights = paths.map((_, index) => 1 / (index + 1) ** 2);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    let before = 0;
    return paths.map((path, index) => {
      const length = Math.floor((summary.totalLength * weights[index]!) / whole);
      const haveLength = Math.min(length, Math.max(0, summary.haveLength - before));
      before += length;
      const priority = this.#priorities[index]!;
      return { index, path, length, haveLength, priority, firstPiece: 0, lastPiece: 0 };
    });
  }
}

function push(samples: number[], sample: number): void {
  samples.push(sample);
  if (samples.length > HISTORY_S) samples.shift();
}
