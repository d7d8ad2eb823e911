/** Where the lines of a script come from. */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { explaining } from '@shoal/cli';

/**
 * The lines of a file, or of standard input for `-`; they end when the signal aborts. To be called
 * before an engine is started, so that a path that is wrong is said at once.
 * @throws CliError that names the path; while it is read too
 */
export async function openScript(
  path: string,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  if (path === '-') return linesOf(process.stdin, signal);
  const file = await explaining(path, () => open(path));
  return linesOf(file.createReadStream(), signal);
}

/**
 * Listens when the first line is asked for: lines that came before would be lost. A pipe that its
 * other end keeps open would keep the program alive: it is closed when no more lines are wanted.
 */
async function* linesOf(input: Readable, signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* createInterface({ input, signal });
  } finally {
    input.destroy();
  }
}
