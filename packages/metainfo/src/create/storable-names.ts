/** Which files a torrent may name: those whose names every system can store. Pure. */
import { join } from 'node:path';
import { MetainfoError } from '../metainfo-error.ts';
import { safeName } from '../safe-name.ts';
import type { SourceFile } from './scan.ts';

/**
 * Refuses what whoever reads the torrent, we among them, would look for under another name.
 *
 * @param folder - in which the files lie, for the message
 * @throws MetainfoError `bad-name` for the first name that is not as `safeName` makes it
 */
export function demandStorable(folder: string, files: readonly SourceFile[]): void {
  for (const { components } of files)
    for (const name of components)
      if (safeName(name) !== name)
        throw new MetainfoError(
          'bad-name',
          `cannot take ${join(folder, ...components)}: ${JSON.stringify(name)} is no name for every system`,
        );
}
