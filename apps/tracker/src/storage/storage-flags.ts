/** The flags that say where swarms are kept, and by how many processes. */
import { CliError, ExitCode, parseWhole } from '@shoal/cli';
import { ExchangeError, parseRedisUrl } from '@shoal/tracker/server';
import type { Command } from 'commander';
import { trackerFlag } from '../tracker-flag.ts';

const MAX_WORKER_COUNT = 64;
const DEFAULT_SNAPSHOT_INTERVAL_S = 300;
const MAX_SNAPSHOT_INTERVAL_S = 86_400;

export interface StorageFlags {
  /** `memory`, or the URL of a Redis. */
  readonly store: string;
  /** A file that keeps the swarms over a restart. */
  readonly snapshot?: string;
  /** Seconds between two snapshots. */
  readonly snapshotInterval: number;
  /** Processes that answer. */
  readonly workers: number;
  /** Keeps the ids of peers. */
  readonly peerIds?: boolean;
}

/** Adds all of them. */
export function addStorageFlags(program: Command): Command {
  return program
    .addOption(
      trackerFlag(
        '--store <where>',
        'memory, or redis://HOST:PORT/DB to share swarms with other trackers',
        storeOf,
      ).default('memory'),
    )
    .addOption(trackerFlag('--snapshot <file>', 'keep the swarms over a restart in this file'))
    .addOption(
      trackerFlag('--snapshot-interval <s>', 'seconds between two snapshots', (text) =>
        parseWhole(text, 1, MAX_SNAPSHOT_INTERVAL_S),
      ).default(DEFAULT_SNAPSHOT_INTERVAL_S),
    )
    .addOption(
      trackerFlag(
        '--workers <n>',
        'processes that answer on HTTP, HTTPS, UDP and WebSocket',
        (text) => parseWhole(text, 1, MAX_WORKER_COUNT),
      ).default(1),
    )
    .addOption(
      trackerFlag(
        '--peer-ids',
        'keep the ids of peers for lists that are not compact: 23 bytes more a peer',
      ),
    );
}

/** A value that is wrong may be a password: unlike that of other flags it is not said again. */
function storeOf(text: string): string {
  if (text === 'memory') return text;
  try {
    return parseRedisUrl(text);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    throw new CliError(
      ExitCode.badOption,
      'The value of --store is invalid.',
      'Write memory, or redis://HOST:PORT/DATABASE.',
    );
  }
}
