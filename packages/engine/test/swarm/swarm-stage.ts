/** Whole engines on a network in memory, on virtual time; only their files are real. */
import path from 'node:path';
import {
  FakePeer,
  type FakePeerOptions,
  type HostOptions,
  ManualClock,
  type MemoryHost,
  MemoryNetwork,
  seededRandom,
  temporaryFolder,
} from '@shoal/testkit';
import { type PeerAddress, toPeerId } from '@shoal/units';
import {
  type AddOptions,
  createEngine,
  type EngineEvent,
  type EngineHandle,
  type EngineOptions,
  type TorrentHandle,
} from '../../src/index.ts';
import { makeSample, type Sample, type SampleOptions } from '../sample-torrent.ts';
import { MemoryTracker } from './memory-tracker.ts';

const TRACKER = 'http://tracker.test/announce';
const PORT = 6881;
const KIB = 1024;

/** One machine with one engine. */
export class Node {
  readonly host: MemoryHost;
  readonly engine: EngineHandle;
  /** Where its files go, and where its states lie. */
  readonly dataFolder: string;
  readonly stateFolder: string;
  /** All that the engine told, in order. */
  readonly events: EngineEvent[] = [];

  constructor(host: MemoryHost, engine: EngineHandle, folder: string) {
    this.host = host;
    this.engine = engine;
    this.dataFolder = path.join(folder, 'data');
    this.stateFolder = path.join(folder, 'state');
    engine.onEvent((event) => this.events.push(event));
  }

  get address(): PeerAddress {
    return this.host.address(this.engine.port);
  }

  has(type: EngineEvent['type']): boolean {
    return this.events.some((event) => event.type === type);
  }

  eventsOf<T extends EngineEvent['type']>(type: T): Extract<EngineEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as never;
  }
}

export class SwarmStage implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly network: MemoryNetwork;
  readonly tracker: MemoryTracker;
  readonly sample: Sample;
  /** Everything lies below it. */
  readonly folder: string;
  readonly #remove: () => Promise<void>;
  readonly #engines = new Set<EngineHandle>();
  #seed = 1;

  private constructor(folder: string, remove: () => Promise<void>, sample: Sample) {
    this.folder = folder;
    this.#remove = remove;
    this.sample = sample;
    this.clock = new ManualClock({ waitsForFiles: true });
    this.network = new MemoryNetwork(this.clock);
    this.tracker = new MemoryTracker(this.clock);
  }

  /** A stage with one torrent: 1 MiB in one file and 32 KiB pieces, unless told otherwise. */
  static async open(options: Partial<SampleOptions> = {}): Promise<SwarmStage> {
    const folder = await temporaryFolder();
    const sample = makeSample({
      files: [{ path: 'file.bin', length: 1024 * KIB }],
      pieceLength: 32 * KIB,
      trackers: [[TRACKER]],
      ...options,
    });
    return new SwarmStage(folder.path, folder.remove, sample);
  }

  /** Starts an engine on the machine `10.0.0.N`; on the same files and states each time. */
  async start(
    n: number,
    options: Partial<EngineOptions> = {},
    line: HostOptions = {},
  ): Promise<Node> {
    const host = this.network.host(`10.0.0.${n}`, line);
    const folder = path.join(this.folder, `node-${n}`);
    const engine = await createEngine({
      port: PORT,
      stateFolder: path.join(folder, 'state'),
      network: host,
      clock: this.clock,
      random: seededRandom(this.#seed++),
      trackerTransport: this.tracker.transportFor(host),
      encryption: 'off',
      ...options,
    });
    this.#engines.add(engine);
    return new Node(host, engine, folder);
  }

  /** Adds the torrent of the stage to a node. */
  add(node: Node, options: Partial<AddOptions> = {}): Promise<TorrentHandle> {
    return node.engine.add({
      source: { metainfo: this.sample.metainfo },
      outputFolder: node.dataFolder,
      ...options,
    });
  }

  /** A node that has all of the torrent on disk and has checked it. */
  async seed(n: number, options: Partial<EngineOptions> = {}, line: HostOptions = {}) {
    const node = await this.start(n, options, line);
    await this.sample.writeTo(node.dataFolder);
    await this.add(node);
    await this.until(() => node.has('complete'), 5_000);
    return node;
  }

  /** A node that has nothing of it and fetches it. */
  async leech(
    n: number,
    options: Partial<EngineOptions & AddOptions> = {},
    line: HostOptions = {},
  ): Promise<Node> {
    const node = await this.start(n, options, line);
    await this.add(node, options);
    return node;
  }

  /** A scripted peer on the machine `10.0.1.N`, or with others at one address, listening. */
  async fake(
    n: number,
    options: Partial<FakePeerOptions> = {},
    { ip = `10.0.1.${n}`, port = PORT, ...line }: HostOptions & { ip?: string; port?: number } = {},
  ): Promise<Fake> {
    const host = this.network.host(ip, line);
    const { info } = this.sample.metainfo;
    const peer = new FakePeer({
      network: host,
      infoHash: info.infoHash,
      layout: info.layout,
      content: this.sample.bytes,
      peerId: toPeerId(new TextEncoder().encode(`-FK0001-${String(n).padStart(12, '0')}`))!,
      ...options,
    });
    return { peer, host, address: await peer.listen(port) };
  }

  /** The torrent of the stage on a node. */
  torrent(node: Node): TorrentHandle {
    return node.engine.torrent(Buffer.from(this.sample.metainfo.info.infoHash).toString('hex'))!;
  }

  /** Moves time on until that is so. @returns the virtual milliseconds it took */
  until(predicate: () => boolean, limitMs: number): Promise<number> {
    return this.clock.advanceUntil(predicate, limitMs);
  }

  /** Moves time on until all these have everything. */
  untilComplete(nodes: readonly Node[], limitMs: number): Promise<number> {
    return this.until(() => nodes.every((node) => node.has('complete')), limitMs);
  }

  /** Whether the files of a node hold just the bytes of the torrent. */
  isExact(node: Node): Promise<boolean> {
    return this.sample.isIn(node.dataFolder);
  }

  /** Waits for something that takes virtual time. */
  async settle<T>(work: Promise<T>, limitMs = 10_000): Promise<T> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    work.then(end, end);
    await this.until(() => isOver, limitMs);
    return work;
  }

  async stop(engine: EngineHandle): Promise<void> {
    this.#engines.delete(engine);
    await this.settle(engine.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of [...this.#engines]) await this.stop(engine);
    this.clock.stop();
    await this.#remove();
  }
}

export interface Fake {
  readonly peer: FakePeer;
  readonly host: MemoryHost;
  readonly address: PeerAddress;
}
