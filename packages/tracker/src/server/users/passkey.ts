/** Passkeys: what a member of a private tracker has in its announce URL. */
import { hash } from 'node:crypto';
import { idToHex, type Random } from '@shoal/units';

const PASSKEY_LENGTH = 16;

/** A new one: 128 random bits as 32 hex digits. */
export function newPasskey(random: Random): string {
  return idToHex(random.bytes(PASSKEY_LENGTH));
}

/**
 * What is kept of a passkey: its SHA-256 in hex. Who reads the database has no passkey yet, and
 * looking one up takes the same time whatever part of it is right.
 */
export function hashPasskey(passkey: string): string {
  return hash('sha256', passkey, 'hex');
}
