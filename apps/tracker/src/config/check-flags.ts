/** What can be found wrong with a configuration before anything listens. */
import { CliError, ExitCode } from '@shoal/cli';
import { readAccessLists } from '../access-lists.ts';
import { addressOf, addressOfPlace } from '../listen-address.ts';
import { demandGoodIdentity } from '../tls-files.ts';
import { type FlagPlace, placesOf, type TrackerFlags } from '../tracker-flags.ts';
import { demandDatabasePlace, demandOwnFiles, demandSnapshotPlace } from './check-places.ts';

/**
 * Reads every file and looks up every name.
 * @returns a sentence for each fault
 */
export async function checkFlags(flags: TrackerFlags): Promise<string[]> {
  const { admin = 'off', allow, deny } = flags;
  const results = await Promise.allSettled([
    ...placesOf(flags).map((place) => addressOfPlace(place)),
    addressOf(admin),
    demandGoodIdentity(flags),
    demandDatabasePlace(flags),
    demandSnapshotPlace(flags),
    ...Object.entries({ allow, deny }).map(([name, path]) => readAccessLists({ [name]: path })),
    ...DEMANDS.map(async (demand) => demand(flags)),
  ]);
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (result.reason instanceof CliError) return [result.reason.message];
    throw result.reason;
  });
}

/** @throws CliError for flags that do not go together */
export function demandSense(flags: TrackerFlags): void {
  for (const demand of DEMANDS) demand(flags);
}

const DEMANDS = [
  demandTransport,
  demandOwnAdminPort,
  demandOwnPorts,
  demandCertificate,
  demandRate,
  demandAdmin,
  demandOwnFiles,
];

/** @throws CliError when nothing would listen */
function demandTransport(flags: TrackerFlags): void {
  if (placesOf(flags).length > 0) return;
  throw new CliError(ExitCode.badOption, 'Both --http and --udp are off.', 'Leave one of them on.');
}

/** The page is for operators, the announce port for everyone. @throws CliError for a port of both */
function demandOwnAdminPort({ admin = 'off', ...flags }: TrackerFlags): void {
  if (admin === 'off' || admin.port === 0) return;
  for (const { name, port } of placesOf(flags))
    if (name !== 'udp' && port === admin.port)
      throw new CliError(
        ExitCode.badOption,
        `Both --admin and --${name} have port ${admin.port}.`,
        'Give the admin page a port of its own.',
      );
}

/** One listener an address and port. @throws CliError for two of them */
function demandOwnPorts(flags: TrackerFlags): void {
  const places = placesOf(flags);
  demandApart(places.filter(({ name }) => name !== 'udp'));
  demandApart(places.filter(({ name }) => name === 'udp'));
}

function demandApart(places: readonly FlagPlace[]): void {
  for (const [index, { name, host, port }] of places.entries())
    for (const other of places.slice(0, index)) {
      if (port === 0) continue;
      const isApart = host !== undefined && other.host !== undefined && host !== other.host;
      if (port !== other.port || isApart) continue;
      throw new CliError(
        ExitCode.badOption,
        `Both --${other.name} and --${name} have port ${port}.`,
        'Give each a port of its own.',
      );
    }
}

/** @throws CliError for TLS without a certificate, a certificate without TLS, or half of one */
function demandCertificate(flags: TrackerFlags): void {
  const { https = [], wss = [], tlsCert, tlsKey } = flags;
  const isSecure = https.length + wss.length > 0;
  if (isSecure && (tlsCert === undefined || tlsKey === undefined))
    throw new CliError(
      ExitCode.badOption,
      '--https and --wss need a certificate and its key.',
      'Give both with --tls-cert and --tls-key.',
    );
  if (!isSecure && (tlsCert !== undefined || tlsKey !== undefined))
    throw new CliError(
      ExitCode.badOption,
      '--tls-cert and --tls-key do nothing without --https or --wss.',
      'Say where to listen, such as --https 443.',
    );
}

/** @throws CliError for a burst of no rate */
function demandRate({ rate, rateBurst }: TrackerFlags): void {
  if (rateBurst === undefined || (rate !== undefined && rate !== 'off')) return;
  throw new CliError(
    ExitCode.badOption,
    '--rate-burst does nothing without --rate.',
    'Say how many announces a minute, such as --rate 30.',
  );
}

/** @throws CliError for names of a page that is not there */
function demandAdmin({ admin = 'off', adminHost }: TrackerFlags): void {
  if (adminHost === undefined || admin !== 'off') return;
  throw new CliError(
    ExitCode.badOption,
    '--admin-host does nothing without --admin.',
    'Say where the admin page listens, such as --admin 9696.',
  );
}
