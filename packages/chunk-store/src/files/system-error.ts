/** From the system's error codes to the closed set of the store. */
import { StoreError, type StoreErrorCode } from '../chunk-store.ts';

const CODES: ReadonlyMap<string, StoreErrorCode> = new Map([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'no-permission'],
  ['EPERM', 'no-permission'],
  ['EROFS', 'no-permission'],
  ['EMFILE', 'too-many-files'],
  ['ENFILE', 'too-many-files'],
  ['ELOOP', 'unsafe-path'],
  ['ENOTDIR', 'unsafe-path'],
  ['EISDIR', 'unsafe-path'],
  ['ENOENT', 'missing'],
]);

const REASONS: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  'disk-full': 'the disk is full',
  'no-permission': 'permission denied',
  'too-many-files': 'too many open files',
  'unsafe-path': 'not a plain file in plain folders',
  missing: 'not there',
};

const READ_ONLY = 'the file system is read-only';

/** The system's code (`ENOENT`), or undefined when it is no error of the system. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The store's error for one of the system. What is none (a store error, a bug) comes back unchanged.
 * @param action - what was tried, for the message: `write`, `open` …
 * @param path - of the file below the root
 */
export function toStoreError(error: unknown, action: string, path: string): unknown {
  const systemName = systemCode(error);
  if (systemName === undefined) return error;
  const code = CODES.get(systemName) ?? 'io';
  const isReadOnly = systemName === 'EROFS';
  const reason = isReadOnly ? READ_ONLY : (REASONS[code] ?? (error as Error).message);
  return new StoreError(code, `cannot ${action} ${path}: ${reason}`, { path, cause: error });
}

/** Whether it is a store error that says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'missing';
}
