/** What an engine lends to a torrent, for tests of the parts that take it: nothing of it is real. */
import { HandlePool, nodeFileSystem } from '@shoal/chunk-store';
import type { Discovery } from '@shoal/discovery';
import { type ManualClock, MemoryNetwork, seededRandom } from '@shoal/testkit';
import { TrackerError } from '@shoal/tracker/client';
import { silentLog, toPeerId } from '@shoal/units';
import { OwnAddress } from '../src/peers/own-address.ts';
import { Discoveries } from '../src/sources/discoveries.ts';
import { StateFolder } from '../src/state/state-folder.ts';
import type { TorrentParts } from '../src/torrent-parts.ts';
import { RateLimiter } from '../src/transfer/rate-limiter.ts';
import { Turns } from '../src/turns.ts';

const PORT = 6881;

/** Parts on a manual clock; trackers do not answer. */
export function lendParts(clock: ManualClock, changes: Partial<TorrentParts> = {}): TorrentParts {
  const ignore = (): void => {};
  const fail = async (): Promise<never> => {
    throw new TrackerError('failure', 'there is no tracker here');
  };
  return {
    clock,
    random: seededRandom(1),
    network: new MemoryNetwork(clock).host('10.0.0.1'),
    log: silentLog,
    resolve: async () => [],
    trackerTransport: { announce: fail, scrape: fail, close: async () => {} },
    stateFolder: new StateFolder('nowhere'),
    handles: new HandlePool(nodeFileSystem, 1),
    rechecks: new Turns(),
    peerId: toPeerId(new Uint8Array(20).fill(1))!,
    port: PORT,
    ownAddress: new OwnAddress(PORT),
    userAgent: 'Shoal/test',
    encryption: 'off',
    discoveries: new Discoveries([], silentLog),
    usesPeerExchange: true,
    bannedHosts: () => [],
    down: new RateLimiter({ bytesPerS: undefined }),
    up: new RateLimiter({ bytesPerS: undefined }),
    emit: ignore,
    markChanged: ignore,
    ...changes,
  };
}

/** A discovery that writes down what it is told, and finds what the test says. */
export class NotedDiscovery implements Discovery {
  readonly source: 'lsd' | 'dht';
  readonly port: number | undefined;
  readonly told: string[] = [];
  readonly #fault: Error | undefined;
  #listener: Parameters<Discovery['onPeers']>[0] = () => {};

  constructor(source: 'lsd' | 'dht', options: { port?: number; fault?: Error } = {}) {
    this.source = source;
    this.port = options.port;
    this.#fault = options.fault;
  }

  async start(peerPort: number): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    this.told.push(`start ${peerPort}`);
  }

  async stop(): Promise<void> {
    this.told.push('stop');
  }

  join(): void {
    this.told.push('join');
  }

  leave(): void {
    this.told.push('leave');
  }

  announceNow(): void {}

  addNode({ host }: Parameters<NonNullable<Discovery['addNode']>>[0]): void {
    this.told.push(`node ${host}`);
  }

  onPeers(listener: Parameters<Discovery['onPeers']>[0]): () => void {
    this.#listener = listener;
    return () => {};
  }

  find(...found: Parameters<Parameters<Discovery['onPeers']>[0]>): void {
    this.#listener(...found);
  }
}
