/** The folders files are downloaded to, and seeded from. */
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeFolder } from '@shoal/chunk-store';
import { explaining } from '@shoal/cli';

/**
 * Makes the folder and checks that files can be made in it, before anything is asked of peers.
 * @returns its absolute path
 * @throws CliError that names the path
 */
export async function openOutputFolder(path: string): Promise<string> {
  const folder = resolve(path);
  await explaining(folder, async () => {
    await makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  });
  return folder;
}

/** Checks that a folder to seed from is there. @throws CliError that names the path */
export async function checkShareFolder(path: string): Promise<void> {
  await explaining(path, () => readdir(path));
}
