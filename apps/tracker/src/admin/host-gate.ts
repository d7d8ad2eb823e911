/**
 * Which `Host` the admin server answers to. A page from elsewhere can let its own name point to this
 * machine (DNS rebinding) and would then read everything; but its requests carry that name. Pure.
 */
import { parseIp } from '@shoal/units';

/**
 * @param host - the header as it came, with or without a port
 * @param names - those that are allowed beside `localhost` and addresses; lower case
 */
export function isHostAllowed(host: string | undefined, names: ReadonlySet<string>): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host ?? '') ?? [];
  if (bracketed !== undefined) return bracketed.includes(':') && parseIp(bracketed) !== undefined;
  if (plain === undefined) return false;
  const name = plain.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || parseIp(name) !== undefined || names.has(name);
}
