/** Errors as one sentence. */

/** What went wrong, for a person; errors of the packages are made to be read. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'duplicate') return 'That torrent is in the list already.';
  return error.message;
}
