/** Who the TLS listeners are: a certificate and its private key. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { TrackerError } from '../protocol/tracker-error.ts';

/** Both as PEM; the key without a passphrase. */
export interface TlsIdentity {
  /** The certificate, and behind it those that lead to one that clients trust. */
  readonly cert: string;
  readonly key: string;
}

/**
 * When the certificate ends, in milliseconds since 1970.
 * @throws TrackerError `bad-certificate` when one of them is no PEM, or they do not belong together
 */
export function expiryOf({ cert, key }: TlsIdentity): number {
  try {
    createSecureContext({ cert, key });
    return new X509Certificate(cert).validToDate.getTime();
  } catch (cause) {
    const { reason, message } = cause as Error & { reason?: string };
    throw new TrackerError(
      'bad-certificate',
      `the certificate and its key are of no use: ${reason ?? message}`,
      { cause },
    );
  }
}
