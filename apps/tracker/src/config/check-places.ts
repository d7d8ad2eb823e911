/** Whether the files that the tracker writes can be where the flags say. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import type { TrackerFlags } from '../tracker-flags.ts';

/** @throws CliError for a database that can be neither opened nor made */
export async function demandDatabasePlace({ private: path }: TrackerFlags): Promise<void> {
  if (path === undefined || (await isWritableFile(path))) return;
  await demandWritableFolder(dirname(path));
}

/** Folders above a snapshot are made. @throws CliError when it cannot be written */
export async function demandSnapshotPlace({ snapshot: path }: TrackerFlags): Promise<void> {
  if (path === undefined || (await isWritableFile(path))) return;
  let folder = dirname(path);
  while (!(await isThere(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  await demandWritableFolder(folder);
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
