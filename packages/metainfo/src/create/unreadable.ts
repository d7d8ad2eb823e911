/** What the system says against a file, in a sentence. */
import { getSystemErrorMessage } from 'node:util';
import { MetainfoError } from '../metainfo-error.ts';

/** A MetainfoError `unreadable` for an error of the file system; any other error as it is. */
export function unreadable(path: string, error: unknown): unknown {
  const { errno } = error as NodeJS.ErrnoException;
  if (typeof errno !== 'number') return error;
  return new MetainfoError('unreadable', `cannot read ${path}: ${getSystemErrorMessage(errno)}`, {
    cause: error,
  });
}
