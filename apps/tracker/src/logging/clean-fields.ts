/** What of an event may stand in a log: no secret, and no peer's address unless asked for. Pure. */
import { redactPaths, redactSecrets } from '@shoal/cli';
import type { LogFields } from '@shoal/units';

/** Fields with the address of somebody else: our own is `address`. */
const REMOTE_FIELDS: ReadonlySet<string> = new Set(['remote']);

/** Fields that are secrets whatever they look like. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['passkey', 'password']);

/** A text without passkeys and passwords: also in paths, which in private mode begin with a passkey. */
export function redactText(text: string): string {
  return redactPaths(redactSecrets(text));
}

/** @param withAddresses - whether the addresses of peers may stay */
export function cleanFields(fields: LogFields, withAddresses: boolean): LogFields {
  const clean: Record<string, string | number | boolean | undefined> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (REMOTE_FIELDS.has(name) && !withAddresses) continue;
    if (SECRET_FIELDS.has(name)) clean[name] = '***';
    else clean[name] = typeof value === 'string' ? redactText(value) : value;
  }
  return clean;
}
