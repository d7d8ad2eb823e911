/** Many torrents behind one listening port. */
import {
  atMost,
  type Clock,
  idToHex,
  type Listener,
  type Timer,
  type Transport,
} from '@shoal/units';
import type { AddOptions, EngineEvent, EngineHandle, RemoveOptions, TorrentHandle } from './api.ts';
import { EngineError } from './engine-error.ts';
import {
  type EngineOptions,
  type FilledOptions,
  fillPorts,
  toTorrentParts,
} from './engine-options.ts';
import { FrontDoor } from './peers/front-door.ts';
import { listenNear } from './peers/listen-near.ts';
import { banning, settingLimits, unbanning } from './state/engine-settings.ts';
import { readState } from './state/resume-keeper.ts';
import { SettingsKeeper } from './state/settings-keeper.ts';
import type { EngineSnapshot, Limits } from './state/snapshot.ts';
import { SnapshotFeed } from './state/snapshot-feed.ts';
import { StateFolder } from './state/state-folder.ts';
import { Torrent } from './torrent.ts';
import type { TorrentOptions } from './torrent-options.ts';
import type { TorrentParts } from './torrent-parts.ts';
import { sourceOf, toTorrentOptions } from './torrent-source.ts';
import { RateLimiter } from './transfer/rate-limiter.ts';
import { Turns } from './turns.ts';

const TICK_MS = 1_000;
/** How often tokens of the limits are spent. */
const TOKEN_TICK_MS = 50;
/** How long trackers may take to hear `stopped` when the engine closes. */
const GOODBYE_MS = 3_000;

/**
 * Starts an engine that listens.
 * @throws EngineError `port-taken`, `state-unwritable`
 */
export async function createEngine(options: EngineOptions): Promise<EngineHandle> {
  const filled = fillPorts(options);
  const stateFolder = new StateFolder(options.stateFolder);
  await stateFolder.prepare();
  const settings = await SettingsKeeper.open(stateFolder, filled.clock, filled.log);
  let engine: Engine | undefined;
  const listener = await listenNear(
    filled.network,
    options.port ?? 6881,
    options.host,
    options.strictPort ?? false,
    (transport) => engine?.accept(transport),
  );
  engine = new Engine(filled, listener, stateFolder, settings);
  await engine.startDiscoveries();
  return engine;
}

class Engine implements EngineHandle {
  readonly port: number;
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #parts: TorrentParts;
  readonly #settings: SettingsKeeper;
  readonly #torrents = new Map<string, Torrent>();
  /** A torrent is added, removed and closed one after the other, by its infohash. */
  readonly #turns = new Turns();
  readonly #door: FrontDoor;
  readonly #down: RateLimiter;
  readonly #up: RateLimiter;
  readonly #timers: Timer[];
  readonly #feed: SnapshotFeed<EngineSnapshot>;
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();
  #closing: Promise<void> | undefined;

  constructor(
    options: FilledOptions,
    listener: Listener,
    stateFolder: StateFolder,
    settings: SettingsKeeper,
  ) {
    this.#listener = listener;
    this.port = listener.address.port;
    this.#settings = settings;
    const limits = { ...settings.settings.limits, ...options.limits };
    this.#down = new RateLimiter({ bytesPerS: limits.downBytesPerS });
    this.#up = new RateLimiter({ bytesPerS: limits.upBytesPerS });
    this.#parts = toTorrentParts(options, {
      stateFolder,
      port: this.port,
      bannedHosts: () => settings.settings.bannedHosts,
      down: this.#down,
      up: this.#up,
      emit: (event) => this.#emit(event),
      markChanged: () => this.#feed.markChanged(),
    });
    const { clock } = this.#parts;
    this.#clock = clock;
    this.#door = new FrontDoor(this.#parts);
    this.#feed = new SnapshotFeed(clock, () => this.#buildSnapshot());
    this.#timers = [
      clock.every(TICK_MS, () => this.#tick()),
      clock.every(TOKEN_TICK_MS, () => this.#spendTokens()),
    ];
  }

  async add(options: AddOptions): Promise<TorrentHandle> {
    const torrentOptions = toTorrentOptions(options, this.#parts);
    const infoHash = idToHex(torrentOptions.infoHash);
    return this.#turns.take(infoHash, () => this.#add(infoHash, torrentOptions));
  }

  async restore(fallbackFolder: string): Promise<readonly TorrentHandle[]> {
    const restored: TorrentHandle[] = [];
    for (const infoHash of await this.#parts.stateFolder.list()) {
      if (this.#torrents.has(infoHash)) continue;
      const { state } = await readState(this.#parts.stateFolder, infoHash);
      const source = sourceOf(infoHash, state);
      const { outputFolder = fallbackFolder, storeKind: store = 'files' } = state ?? {};
      try {
        restored.push(await this.add({ source, outputFolder, store }));
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        const { code, message } = error;
        if (code === 'state-locked')
          this.#emit({ type: 'torrent-in-use', infoHash, name: state?.name ?? infoHash, message });
        else this.#emit({ type: 'torrent-error', infoHash, code, message });
      }
    }
    return restored;
  }

  torrent(infoHash: string): TorrentHandle | undefined {
    return this.#torrents.get(infoHash);
  }

  remove(infoHash: string, options: RemoveOptions = {}): Promise<void> {
    return this.#turns.take(infoHash, () => this.#remove(infoHash, options));
  }

  setLimits(limits: Partial<Limits>): void {
    this.#settings.change(settingLimits(limits));
    if ('downBytesPerS' in limits) this.#down.setRate(limits.downBytesPerS);
    if ('upBytesPerS' in limits) this.#up.setRate(limits.upBytesPerS);
    for (const torrent of this.#torrents.values()) torrent.refresh();
    this.#feed.markChanged();
  }

  banHost(host: string): void {
    this.#settings.change(banning(host));
    for (const { network } of this.#torrents.values()) network.banHost(host);
  }

  unbanHost(host: string): boolean {
    if (!this.#settings.settings.bannedHosts.includes(host)) return false;
    this.#settings.change(unbanning(host));
    for (const { network } of this.#torrents.values()) network.swarm.forgiveHost(host);
    return true;
  }

  subscribe(listener: () => void): () => void {
    return this.#feed.subscribe(listener);
  }

  getSnapshot(): EngineSnapshot {
    return this.#feed.snapshot;
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => void this.#eventListeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** A connection came in. */
  accept(transport: Transport): void {
    this.#door.accept(transport);
  }

  async startDiscoveries(): Promise<void> {
    await this.#parts.discoveries.start(this.port, (infoHash, peers, source) =>
      this.#torrents.get(idToHex(infoHash))?.network.sources.add(peers, source),
    );
  }

  async #add(infoHash: string, options: TorrentOptions): Promise<TorrentHandle> {
    if (this.#closing !== undefined) throw new EngineError('closed', 'the engine is closed');
    if (this.#torrents.has(infoHash))
      throw new EngineError('duplicate', `torrent ${infoHash} is here already`);
    const torrent = new Torrent(options);
    this.#torrents.set(infoHash, torrent);
    this.#door.open(torrent.infoHashBytes, torrent.network);
    try {
      await this.#parts.stateFolder.lock(infoHash);
      await torrent.start().catch(async (error) => {
        await this.#parts.stateFolder.unlock(infoHash);
        throw error;
      });
    } catch (error) {
      this.#torrents.delete(infoHash);
      this.#door.shut(torrent.infoHashBytes);
      throw error;
    }
    this.#feed.markChanged();
    return torrent;
  }

  async #remove(infoHash: string, options: RemoveOptions): Promise<void> {
    const torrent = this.#torrents.get(infoHash);
    if (torrent === undefined) return;
    this.#torrents.delete(infoHash);
    this.#door.shut(torrent.infoHashBytes);
    this.#feed.markChanged();
    try {
      await torrent.close(options);
    } finally {
      await atMost(GOODBYE_MS, this.#clock, torrent.goodbye);
      this.#emit({ type: 'torrent-removed', infoHash });
    }
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#feed.close();
    this.#door.close();
    await this.#listener.close();
    const torrents = [...this.#torrents];
    // One that is being added or removed ends that first.
    const closings = torrents.map(([infoHash, torrent]) =>
      this.#turns.take(infoHash, async () => {
        if (this.#torrents.has(infoHash)) await torrent.close();
      }),
    );
    await Promise.all(closings);
    const goodbyes = torrents.map(([, torrent]) => torrent.goodbye);
    await Promise.all([
      atMost(GOODBYE_MS, this.#clock, Promise.all(goodbyes)),
      this.#turns.settled(),
    ]);
    await this.#parts.discoveries.stop();
    await this.#settings.settled();
    await this.#parts.trackerTransport.close();
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    this.#parts.discoveries.handleOwnAddresses(this.#parts.ownAddress.addresses);
    for (const torrent of this.#torrents.values()) torrent.tick(nowMs);
  }

  /** Several times a second: who got something of the limits longest ago comes first. */
  #spendTokens(): void {
    for (const torrent of byTurn(this.#torrents.values(), 'down')) torrent.spendDown();
    for (const torrent of byTurn(this.#torrents.values(), 'up')) torrent.spendUp();
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#eventListeners) listener(event);
  }

  #buildSnapshot(): EngineSnapshot {
    const torrents = Array.from(this.#torrents.values(), (torrent) => torrent.getSummary());
    const sum = (rate: 'downBytesPerS' | 'upBytesPerS') =>
      torrents.reduce((total, torrent) => total + torrent[rate], 0);
    return Object.freeze({
      torrents,
      downBytesPerS: sum('downBytesPerS'),
      upBytesPerS: sum('upBytesPerS'),
      limits: { downBytesPerS: this.#down.bytesPerS, upBytesPerS: this.#up.bytesPerS },
      port: this.port,
      peerId: idToHex(this.#parts.peerId),
    });
  }
}

/** Those that have peers and a limit. */
function byTurn(torrents: Iterable<Torrent>, way: 'down' | 'up'): Torrent[] {
  const held: Torrent[] = [];
  for (const torrent of torrents)
    if (torrent.network.swarm.size > 0 && !torrent.traffic[way].limiter.isUnlimited)
      held.push(torrent);
  return held.sort(
    (one, other) => one.traffic[way].limiter.spentAtMs - other.traffic[way].limiter.spentAtMs,
  );
}
