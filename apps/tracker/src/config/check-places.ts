/** Whether the files that the tracker writes can be where the flags say. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import { TrackerError, UserDatabase } from '@shoal/tracker/server';
import { demandOwnSnapshot } from '../storage/keep-snapshots.ts';
import type { TrackerFlags } from '../tracker-flags.ts';
import { explainUsers } from '../users/user-actions.ts';

/** @throws CliError for a database that can be neither opened nor made, or a file that is none */
export async function demandDatabasePlace({ private: path }: TrackerFlags): Promise<void> {
  if (path === undefined) return;
  if (!(await isWritableFile(path))) return await demandWritableFolder(dirname(path));
  try {
    UserDatabase.check(path);
  } catch (error) {
    throw error instanceof TrackerError ? explainUsers(error) : error;
  }
}

/** Folders above a snapshot are made. @throws CliError when it cannot be written, or is something else */
export async function demandSnapshotPlace({ snapshot: path }: TrackerFlags): Promise<void> {
  if (path === undefined) return;
  if (await isWritableFile(path)) return await demandOwnSnapshot(path);
  let folder = dirname(path);
  while (!(await isThere(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  await demandWritableFolder(folder);
}

/** What is written and what is read are files of their own. @throws CliError for two flags with one path */
export function demandOwnFiles(flags: TrackerFlags): void {
  const { private: database, snapshot, config, allow, deny, tlsCert, tlsKey } = flags;
  const others = { config, allow, deny, 'tls-cert': tlsCert, 'tls-key': tlsKey };
  demandOtherPaths({ snapshot }, { private: database, ...others });
  demandOtherPaths({ private: database }, others);
}

type Paths = Readonly<Record<string, string | undefined>>;

function demandOtherPaths(written: Paths, others: Paths): void {
  for (const [name, path] of Object.entries(written))
    for (const [otherName, other] of Object.entries(others))
      if (path !== undefined && other !== undefined && resolve(path) === resolve(other))
        throw new CliError(
          ExitCode.badOption,
          `Both --${name} and --${otherName} are ${path}.`,
          'Give each a file of its own.',
        );
}

/** @returns false when it is not there. @throws CliError for a folder, or a file of somebody else */
async function isWritableFile(path: string): Promise<boolean> {
  if (!(await isThere(path))) return false;
  if ((await stat(path)).isDirectory())
    throw new CliError(ExitCode.error, `${path} is a folder.`, 'Give the path of a file.');
  await explaining(path, () => access(path, constants.R_OK | constants.W_OK));
  return true;
}

async function demandWritableFolder(path: string): Promise<void> {
  if (!(await explaining(path, () => stat(path))).isDirectory())
    throw new CliError(ExitCode.error, `${path} is no folder.`, 'Give a path in a folder.');
  await explaining(path, () => access(path, constants.W_OK | constants.X_OK));
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
