/** What can be found wrong with a configuration before anything listens. */
import { CliError, ExitCode } from '@shoal/cli';
import { readAccessLists } from '../access-lists.ts';
import { addressOf } from '../listen-address.ts';
import type { TrackerFlags } from '../tracker-flags.ts';

/**
 * Reads every file and looks up every name.
 * @returns a sentence for each fault
 */
export async function checkFlags(flags: TrackerFlags): Promise<string[]> {
  const { http, udp, ws = 'off', admin = 'off', allow, deny } = flags;
  const results = await Promise.allSettled([
    ...[http, udp, ws, admin].map((flag) => addressOf(flag)),
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

const DEMANDS = [demandTransport, demandOwnAdminPort, demandOneAccountant];

/** @throws CliError when nothing would listen */
function demandTransport({ http, udp, ws = 'off' }: TrackerFlags): void {
  if (http !== 'off' || udp !== 'off' || ws !== 'off') return;
  throw new CliError(ExitCode.badOption, 'Both --http and --udp are off.', 'Leave one of them on.');
}

/** The page is for operators, the announce port for everyone. @throws CliError for a port of both */
function demandOwnAdminPort({ http, ws = 'off', admin = 'off' }: TrackerFlags): void {
  if (admin === 'off' || admin.port === 0) return;
  for (const [name, flag] of Object.entries({ http, ws }))
    if (flag !== 'off' && flag.port === admin.port)
      throw new CliError(
        ExitCode.badOption,
        `Both --admin and --${name} have port ${admin.port}.`,
        'Give the admin page a port of its own.',
      );
}

/** What a user has up- and downloaded adds up in one process. @throws CliError for several */
function demandOneAccountant(flags: TrackerFlags): void {
  if (flags.private === undefined || flags.workers === 1) return;
  throw new CliError(
    ExitCode.badOption,
    'Both --private and --workers are given: accounts are kept by one process.',
    'Leave --workers out.',
  );
}
