/** The folder in which the paths of a torrent begin. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { cleanText } from './clean-text.ts';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';
import { explaining } from './explain-error.ts';

/**
 * People give the folder a torrent was downloaded to, or the torrent's own folder or file.
 * @param path - what was given
 * @param name - the torrent's
 * @returns `path`, or its parent when `path` is the torrent's own
 * @throws CliError when there is nothing, or a file of another name
 */
export async function torrentRoot(path: string, name: string): Promise<string> {
  const isFolder = await explaining(path, async () => (await stat(path)).isDirectory());
  const isOwn = basename(resolve(path)) === name;
  if (isOwn && (!isFolder || !(await exists(join(path, name))))) return dirname(resolve(path));
  if (isFolder) return path;
  throw new CliError(
    ExitCode.error,
    `${cleanText(path)} is a file and not ${cleanText(name)}.`,
    'Give the folder that the torrent was downloaded to.',
  );
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
