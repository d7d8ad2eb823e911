/** Which files a torrent may name: those that everyone stores under the same name. Pure. */
import { join } from 'node:path';
import { resolveCollisions } from '../collisions.ts';
import type { MetainfoLimits } from '../limits.ts';
import { MetainfoError } from '../metainfo-error.ts';
import { safeName } from '../safe-name.ts';
import type { SourceFile } from './scan.ts';

/**
 * Refuses what whoever reads the torrent, we among them, would look for under another name.
 *
 * @param folder - in which the files lie, for the message
 * @throws MetainfoError `bad-name` for the first name that is not as `safeName` makes it, or that
 * some disk takes for that of another file; `too-many-files` past the limit of folders
 */
export function demandStorable(
  folder: string,
  files: readonly SourceFile[],
  { maxFolders }: Pick<MetainfoLimits, 'maxFolders'>,
): void {
  for (const { components } of files)
    for (const name of components)
      if (safeName(name) !== name)
        throw badName(folder, components, `${JSON.stringify(name)} is no name for every system`);
  const paths = files.map(({ components }) => components.join('/'));
  const limits = { maxFolders, maxCollisions: Number.POSITIVE_INFINITY };
  for (const index of resolveCollisions(paths, limits).keys())
    throw badName(folder, files[index]!.components, 'another file has its name on some systems');
}

function badName(folder: string, components: readonly string[], why: string): MetainfoError {
  return new MetainfoError('bad-name', `cannot take ${join(folder, ...components)}: ${why}`);
}
