/** A .torrent from the web, with a bound on bytes and time. */
import { CliError, ExitCode, MAX_TORRENT_LENGTH, redactSecrets } from '@shoal/cli';
import { USER_AGENT } from './version.ts';

const TIMEOUT_MS = 30_000;

/**
 * Fetches what a URL gives, at most MAX_TORRENT_LENGTH bytes within 30 s.
 * @throws CliError with exit code 1: no answer, an error status, too long
 */
export async function fetchTorrent(url: string): Promise<Uint8Array> {
  const fail = (reason: string, cause?: unknown): CliError =>
    new CliError(
      ExitCode.error,
      `${redactSecrets(url)} ${reason}.`,
      'Check the URL, or fetch the torrent file yourself.',
      { cause },
    );
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': USER_AGENT },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok || response.body === null) throw fail(`answered ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body) {
      length += part.length;
      if (length > MAX_TORRENT_LENGTH) throw fail(`gave more than ${MAX_TORRENT_LENGTH} bytes`);
      parts.push(part);
    }
    return new Uint8Array(Buffer.concat(parts));
  } catch (error) {
    throw error instanceof CliError ? error : fail('gave no answer', error);
  }
}
