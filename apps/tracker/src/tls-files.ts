/** The certificate and the key that `--tls-cert` and `--tls-key` name. */
import { readFile } from 'node:fs/promises';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import { expiryOf, type TlsIdentity, TrackerError } from '@shoal/tracker/server';
import type { Clock, Log } from '@shoal/units';
import { systemClock } from './adapters.ts';
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

/** Says in the log that a certificate has ended: it is served all the same. */
export function warnOfEnd(identity: TlsIdentity, log: Log, clock: Clock = systemClock): void {
  const ended = endOf(identity, clock);
  if (ended !== undefined) log.warn('the certificate has ended: clients refuse it', { ended });
}

/** @returns when the certificate ended, for people; undefined while it is good */
function endOf(identity: TlsIdentity, clock: Clock): string | undefined {
  const expiryMs = expiryOf(identity);
  return expiryMs < clock.wallMs() ? new Date(expiryMs).toISOString() : undefined;
}

/** @throws CliError for a certificate that has ended: clients refuse it */
export async function demandGoodIdentity(
  flags: Pick<TrackerFlags, 'tlsCert' | 'tlsKey'>,
  clock: Clock = systemClock,
): Promise<void> {
  const identity = await readIdentity(flags);
  const ended = identity && endOf(identity, clock);
  if (ended === undefined) return;
  throw new CliError(
    ExitCode.badOption,
    `The certificate of ${flags.tlsCert} ended at ${ended}.`,
    'Renew it.',
  );
}
