/** The address behind a flag that says where to listen. */
import { lookup } from 'node:dns/promises';
import { CliError, ExitCode } from '@shoal/cli';
import type { ListenAddress } from '@shoal/tracker/server';
import { parseIp } from '@shoal/units';
import type { ListenFlag, ListenPlace } from './listen-flag.ts';

/** @returns undefined for `off`. @throws CliError for a name without an address */
export async function addressOf(flag: ListenFlag): Promise<ListenAddress | undefined> {
  return flag === 'off' ? undefined : addressOfPlace(flag);
}

/** @throws CliError for a name without an address */
export async function addressOfPlace({ host, port }: ListenPlace): Promise<ListenAddress> {
  if (host === undefined) return { port };
  if (parseIp(host) !== undefined) return { host, port };
  try {
    return { host: (await lookup(host)).address, port };
  } catch {
    throw new CliError(
      ExitCode.badOption,
      `The name ${host} has no address.`,
      'Give an IP address of this machine, or the port alone.',
    );
  }
}
