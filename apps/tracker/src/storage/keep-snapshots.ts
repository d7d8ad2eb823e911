/** The snapshot that --snapshot names: its place, and who writes it. */
import { dirname } from 'node:path';
import { makeFolder, replaceFile } from '@shoal/chunk-store';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import {
  demandSnapshot,
  ExchangeError,
  peerLifetimeOf,
  SharedSwarmStore,
  SnapshotKeeper,
} from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { systemClock } from '../adapters.ts';
import type { Storage } from './open-storage.ts';
import type { StorageFlags } from './storage-flags.ts';

type SnapshotFlags = Pick<StorageFlags, 'snapshot' | 'snapshotInterval'>;

/**
 * Makes the folder of the snapshot, if there is to be one.
 * @throws CliError when it cannot be made, or when the file there is something else
 */
export async function makeSnapshotPlace({
  snapshot: path,
}: Pick<SnapshotFlags, 'snapshot'>): Promise<void> {
  if (path === undefined) return;
  const folder = dirname(path);
  await explaining(folder, () => makeFolder(folder));
  await demandOwnSnapshot(path);
}

/** No other file may be lost for a snapshot. @throws CliError when there is one at its path */
export async function demandOwnSnapshot(path: string): Promise<void> {
  try {
    await explaining(path, () => demandSnapshot(path));
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    throw new CliError(
      ExitCode.badOption,
      `${path} is something else than a snapshot of swarms.`,
      'Give --snapshot a path of its own.',
      { cause: error },
    );
  }
}

/**
 * Restores the snapshot into the store and goes on writing it.
 * @returns undefined without --snapshot
 * @throws CliError when a damaged one cannot be put aside
 */
export async function keepSnapshots(
  flags: SnapshotFlags & { readonly interval: number },
  { store }: Storage,
  log: Log,
): Promise<SnapshotKeeper | undefined> {
  const { snapshot: path } = flags;
  if (path === undefined) return undefined;
  return await explaining(path, () =>
    SnapshotKeeper.open({
      path,
      ...(store instanceof SharedSwarmStore
        ? { store: store.copy, restoring: store.restoring, clock: store.copyClock }
        : { store, clock: systemClock }),
      peerLifetimeS: peerLifetimeOf(flags.interval),
      periodMs: 1_000 * flags.snapshotInterval,
      replaceFile,
      log,
    }),
  );
}
