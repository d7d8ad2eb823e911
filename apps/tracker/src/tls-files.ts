/** The certificate and the key that `--tls-cert` and `--tls-key` name. */
import { readFile } from 'node:fs/promises';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import { expiryOf, type TlsIdentity, TrackerError } from '@shoal/tracker/server';
import type { TrackerFlags } from './tracker-flags.ts';

/**
 * @returns undefined when none are named
 * @throws CliError when one cannot be read, is no PEM, or they do not belong together
 */
export async function readIdentity({
  tlsCert,
  tlsKey,
}: Pick<TrackerFlags, 'tlsCert' | 'tlsKey'>): Promise<TlsIdentity | undefined> {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const read = (path: string): Promise<string> => explaining(path, () => readFile(path, 'utf8'));
  const [cert, key] = await Promise.all([read(tlsCert), read(tlsKey)]);
  const identity = { cert, key };
  try {
    expiryOf(identity);
    return identity;
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    throw new CliError(
      ExitCode.badOption,
      `${tlsCert} and ${tlsKey}: ${error.message}.`,
      'Give a certificate as PEM and the key that belongs to it, without a passphrase.',
      { cause: error },
    );
  }
}
