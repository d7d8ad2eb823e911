/** The flags that say how much the tracker holds, and how much it answers. */
import { parseLength, parseWhole } from '@shoal/cli';
import type { MemorySwarmStoreOptions, TrackerServerOptions } from '@shoal/tracker/server';
import { type Command, InvalidArgumentError } from 'commander';
import { trackerFlag } from './tracker-flag.ts';

const DEFAULT_MAX_TORRENTS = 2_000_000;
const DEFAULT_MAX_PEERS = 16_000_000;
const MAX_COUNT = 1_000_000_000;
const DEFAULT_MAX_NUMWANT = 200;
/** More than clients take from one answer. */
const MAX_NUMWANT = 2_000;
const DEFAULT_MIN_INTERVAL_S = 60;
const MAX_MIN_INTERVAL_S = 14_400;
/** Ports of one address: no host has more open connections from a proxy. */
const MAX_CONNECTIONS = 65_535;
/** Less than this is no use, in bytes. */
const MIN_MEMORY = 1_048_576;

export interface LimitFlags {
  readonly maxTorrents: number;
  readonly maxPeers: number;
  /** Bytes for the swarms of all processes together. */
  readonly maxMemory?: number;
  /** Peers in an answer. */
  readonly maxNumwant: number;
  readonly minInterval: number;
  /** Open connections of each TCP listener. */
  readonly maxConnections?: number;
}

/** Adds all of them. */
export function addLimitFlags(program: Command): Command {
  return program
    .addOption(
      trackerFlag(
        '--max-torrents <n>',
        'torrents at a time; the ones quiet for longest make room',
        whole(MAX_COUNT),
      ).default(DEFAULT_MAX_TORRENTS),
    )
    .addOption(
      trackerFlag('--max-peers <n>', 'peers at a time, the same', whole(MAX_COUNT)).default(
        DEFAULT_MAX_PEERS,
      ),
    )
    .addOption(
      trackerFlag('--max-memory <size>', 'memory of the swarms, such as 512M, the same', memory),
    )
    .addOption(
      trackerFlag('--max-numwant <n>', 'peers in an answer', whole(MAX_NUMWANT)).default(
        DEFAULT_MAX_NUMWANT,
      ),
    )
    .addOption(
      trackerFlag(
        '--min-interval <s>',
        'seconds until a client may want more peers',
        whole(MAX_MIN_INTERVAL_S),
      ).default(DEFAULT_MIN_INTERVAL_S),
    )
    .addOption(
      trackerFlag(
        '--max-connections <n>',
        'connections of each listener (default: 10000, WebSocket 20000)',
        whole(MAX_CONNECTIONS),
      ),
    );
}

/** @param processCount - processes that answer on the same ports: each takes its part of connections */
export function serverLimits(
  flags: LimitFlags,
  processCount: number,
): Pick<TrackerServerOptions, 'maxNumWant' | 'minIntervalS' | 'maxConnectionCount'> {
  const { maxConnections } = flags;
  return {
    maxNumWant: flags.maxNumwant,
    minIntervalS: flags.minInterval,
    ...(maxConnections && { maxConnectionCount: Math.ceil(maxConnections / processCount) }),
  };
}

/** The limits of the swarms of one process: with workers each and their parent has all of them. */
export function storeLimits(
  flags: LimitFlags & { readonly workers: number },
): Pick<MemorySwarmStoreOptions, 'maxSwarmCount' | 'maxPeerCount' | 'maxByteLength'> {
  const { maxTorrents, maxPeers, maxMemory, workers } = flags;
  const copyCount = workers === 1 ? 1 : workers + 1;
  return {
    maxSwarmCount: maxTorrents,
    maxPeerCount: maxPeers,
    ...(maxMemory && { maxByteLength: Math.floor(maxMemory / copyCount) }),
  };
}

function whole(most: number): (text: string) => number {
  return (text) => parseWhole(text, 1, most);
}

function memory(text: string): number {
  const length = parseLength(text);
  if (length < MIN_MEMORY) throw new InvalidArgumentError('Write a size from 1M up, such as 512M.');
  return length;
}
