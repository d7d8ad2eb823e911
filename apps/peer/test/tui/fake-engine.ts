/** An engine that pretends: the screens are made and tested with it. */
import type { EngineEvent, EngineSnapshot, Limits, RemoveOptions } from '@shoal/engine';
import type { EnginePort } from '../../src/tui/engine-port.ts';
import { START_MS } from './fake-peers.ts';
import type { FakeSeed } from './fake-seed.ts';
import { FakeTorrent } from './fake-torrent.ts';
import { type Seeded, seeded } from './seeded.ts';

const GIB = 2 ** 30;

export class FakeEngine implements EnginePort {
  readonly calls: string[] = [];
  readonly #random: Seeded = seeded(7);
  readonly #torrents = new Map<string, FakeTorrent>();
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();
  #limits: Limits = { downBytesPerS: undefined, upBytesPerS: undefined };
  #snapshot: EngineSnapshot | undefined;

  constructor(seeds: readonly FakeSeed[] = []) {
    for (const seed of seeds) this.grow(seed);
  }

  /** Adds a torrent as it is described. */
  grow(seed: FakeSeed): FakeTorrent {
    const addedAtMs = START_MS - 3_600_000 + this.#torrents.size * 60_000;
    const torrent = new FakeTorrent({ addedAtMs, ...seed }, this.#random, () => this.changed());
    torrent.beforeVerified = () => {
      const { infoHash, havePieceCount: goodPieces, pieceCount } = torrent.getSummary();
      this.emit({ type: 'checked', infoHash, goodPieces, pieceCount });
    };
    this.#torrents.set(torrent.infoHash, torrent);
    this.changed();
    return torrent;
  }

  /** Lets a second pass and tells everyone. */
  tick(): void {
    for (const torrent of this.#torrents.values()) if (torrent.tick()) this.emitComplete(torrent);
    this.changed();
  }

  emitComplete(torrent: FakeTorrent): void {
    const { infoHash, name, totalLength } = torrent.getSummary();
    const fetched = { length: totalLength, fetchedLength: totalLength, elapsedMs: 72_000 };
    this.emit({ type: 'complete', infoHash, name, ...fetched });
  }

  emit(event: EngineEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }

  changed(): void {
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }

  addMagnet(magnet: string): FakeTorrent {
    this.calls.push(`add ${magnet}`);
    const name = new URL(magnet).searchParams.get('dn') ?? 'a magnet';
    const quiet = { have: 0, downBytesPerS: 0, upBytesPerS: 0, peerCount: 2 };
    return this.grow({ name, status: 'metadata', totalLength: GIB, ...quiet });
  }

  torrent(infoHash: string): FakeTorrent | undefined {
    return this.#torrents.get(infoHash);
  }

  async remove(infoHash: string, { eraseData = false }: RemoveOptions = {}): Promise<void> {
    this.calls.push(`remove ${infoHash}${eraseData ? ' and data' : ''}`);
    this.#torrents.delete(infoHash);
    this.changed();
  }

  banHost(host: string): void {
    this.calls.push(`ban ${host}`);
  }

  setLimits(limits: Partial<Limits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.changed();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  getSnapshot(): EngineSnapshot {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  #makeSnapshot(): EngineSnapshot {
    const torrents = [...this.#torrents.values()].map((torrent) => torrent.getSummary());
    return {
      torrents,
      downBytesPerS: torrents.reduce((sum, torrent) => sum + torrent.downBytesPerS, 0),
      upBytesPerS: torrents.reduce((sum, torrent) => sum + torrent.upBytesPerS, 0),
      limits: this.#limits,
      port: 6881,
      peerId: '2d534c303130302d',
    };
  }
}
