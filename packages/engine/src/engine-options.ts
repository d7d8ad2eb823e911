/** How an engine is asked for, and what it lends to its torrents by that. */
import { HandlePool, nodeFileSystem } from '@shoal/chunk-store';
import type { Discovery } from '@shoal/discovery';
import {
  createTrackerTransport,
  NameResolver,
  type Resolve,
  type TrackerTransport,
} from '@shoal/tracker/client';
import { type Clock, type Log, type Network, type Random, silentLog } from '@shoal/units';
import { systemClock } from './adapters/clock.ts';
import { systemRandom } from './adapters/random.ts';
import { tcpNetwork } from './adapters/tcp.ts';
import type { EncryptionPolicy } from './peers/encryption.ts';
import { makePeerId } from './peers/our-peer-id.ts';
import { OwnAddress } from './peers/own-address.ts';
import { Discoveries } from './sources/discoveries.ts';
import type { Limits } from './state/snapshot.ts';
import type { TorrentParts } from './torrent-parts.ts';
import { Turns } from './turns.ts';

const OPEN_FILES_LIMIT = 256;
const VERSION = '0.1.0';

export interface EngineOptions {
  /** The port peers reach us on; default 6881, or the next free one up. 0 picks any free one. */
  readonly port?: number;
  /** The port was asked for by name: fail rather than take another. */
  readonly strictPort?: boolean;
  /** Address to bind; all of IPv4 and IPv6 when left out. */
  readonly host?: string;
  /** Folder of the resume states. */
  readonly stateFolder: string;
  /** Those of all torrents together; where left out, what `setLimits` said in the last run. */
  readonly limits?: Partial<Limits>;
  /** Default `prefer`. */
  readonly encryption?: EncryptionPolicy;
  /** Where peers are found beside trackers; started and stopped by the engine. */
  readonly discoveries?: readonly Discovery[];
  /** BEP 11; default true. */
  readonly usesPeerExchange?: boolean;
  readonly userAgent?: string;
  readonly trackerTransport?: TrackerTransport;
  /** From names to addresses; default: the system's name servers and its resolver (`NameResolver`). */
  readonly resolve?: Resolve;
  readonly network?: Network;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
}

/** With the ports that were left out. */
export type FilledOptions = EngineOptions &
  Required<Pick<EngineOptions, 'network' | 'clock' | 'random' | 'log' | 'resolve'>>;

/** The system's own ports where none is lent, and no log. */
export function fillPorts(options: EngineOptions): FilledOptions {
  const { network = tcpNetwork, clock = systemClock, random = systemRandom } = options;
  const { log = silentLog, resolve = new NameResolver().resolve } = options;
  return { ...options, network, clock, random, log, resolve };
}

/** What no option says. */
type Own = Pick<
  TorrentParts,
  'stateFolder' | 'port' | 'bannedHosts' | 'down' | 'up' | 'emit' | 'markChanged'
>;

/** Fills in the other defaults. */
export function toTorrentParts(options: FilledOptions, own: Own): TorrentParts {
  const { network, clock, random, log, resolve, userAgent = `Shoal/${VERSION}` } = options;
  return {
    ...own,
    clock,
    random,
    log,
    network,
    trackerTransport:
      options.trackerTransport ?? createTrackerTransport({ userAgent, clock, random, resolve }),
    resolve,
    handles: new HandlePool(nodeFileSystem, OPEN_FILES_LIMIT),
    rechecks: new Turns(),
    peerId: makePeerId(random),
    ownAddress: new OwnAddress(own.port),
    userAgent,
    encryption: options.encryption ?? 'prefer',
    discoveries: new Discoveries(options.discoveries ?? [], log),
    usesPeerExchange: options.usesPeerExchange ?? true,
  };
}
