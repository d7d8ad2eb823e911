/** `--peer HOST:PORT`, where HOST may be a name. */
import { lookup } from 'node:dns/promises';
import { formatPeerAddress, type PeerAddress, parseIp, parsePeerAddress } from '@shoal/units';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';
import type { SwarmFlags } from './swarm-flags.ts';

/** Finds all addresses of a name; throws the system's error when there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** The addresses of all `--peer` flags. @throws CliError for one that is none or has none */
export async function peersOf({ peer = [] }: Pick<SwarmFlags, 'peer'>): Promise<PeerAddress[]> {
  const peers: PeerAddress[] = [];
  for (const text of peer) peers.push(...(await resolvePeers(text)));
  return peers;
}

/**
 * The addresses behind `HOST:PORT`; a name may have several.
 * @throws CliError with exit code 28 when it is no such text, 1 when the name has no address
 */
export async function resolvePeers(
  text: string,
  resolve: Resolve = systemResolve,
): Promise<PeerAddress[]> {
  const address = parsePeerAddress(text);
  if (address !== undefined) return [address];
  const match = /^([a-z0-9_](?:[a-z0-9._-]{0,252}[a-z0-9])?):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[2] ?? 0);
  if (match === null || port < 1 || port > 65_535 || parseIp(match[1]!) !== undefined)
    throw new CliError(
      ExitCode.badOption,
      `"${text}" is no peer address.`,
      'Write HOST:PORT, such as 192.0.2.7:6881 or [2001:db8::1]:6881.',
    );
  const ips = await resolve(match[1]!).catch((cause: unknown) => {
    const next = 'Check the spelling or give an IP address.';
    throw new CliError(ExitCode.error, `The name ${match[1]} has no address.`, next, { cause });
  });
  const found = new Map<string, PeerAddress>();
  for (const ip of ips) {
    const peer = parsePeerAddress(ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
    if (peer !== undefined) found.set(formatPeerAddress(peer), peer);
  }
  return [...found.values()];
}

async function systemResolve(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map((entry) => entry.address);
}
