/** The flags that say who may announce, and who is believed. */
import { parseWhole, repeatable } from '@shoal/cli';
import {
  type AddressRate,
  ClientRules,
  type TrackerServerOptions,
  TrustedProxies,
} from '@shoal/tracker/server';
import { type Command, InvalidArgumentError } from 'commander';
import { trackerFlag } from './tracker-flag.ts';

const MAX_RATE = 1_000_000;
/**
 * Six million torrents at the default interval: nobody has so many. It keeps a flood from one
 * address to a part of what the tracker can answer.
 */
const DEFAULT_RATE = 600_000;

export interface AdmissionFlags {
  /** A database of users: only they may announce. */
  readonly private?: string;
  readonly allowClient?: readonly string[];
  readonly denyClient?: readonly string[];
  readonly trustedProxy?: readonly string[];
  /** Announces a minute from one address; one that hurts nobody when it is left out. */
  readonly rate?: number | 'off';
  readonly rateBurst?: number;
}

/** Adds all of them. */
export function addAdmissionFlags(program: Command): Command {
  return program
    .addOption(trackerFlag('--private <file>', 'serve only the users in this database'))
    .addOption(
      trackerFlag(
        '--allow-client <prefix>',
        'serve only clients whose peer id begins so, such as -TR4 (repeatable)',
        prefixes,
      ),
    )
    .addOption(trackerFlag('--deny-client <prefix>', 'do not serve those (repeatable)', prefixes))
    .addOption(
      trackerFlag(
        '--trusted-proxy <network>',
        'believe X-Forwarded-For and ip= from there, such as 10.0.0.0/8 (repeatable)',
        networks,
      ),
    )
    .addOption(
      trackerFlag(
        '--rate <n>',
        'announces a minute from one address, as many scrapes, or off (default: 600000)',
        rateOf,
      ),
    )
    .addOption(
      trackerFlag('--rate-burst <n>', 'how many of them may come at once (default: --rate)', count),
    );
}

/**
 * The same as options of the server.
 * @param processCount - processes that answer on the same ports: each takes its part of the rate, and so
 *   does whatever reaches one of them alone, such as a single UDP port
 */
export function admissionOptions(
  flags: AdmissionFlags,
  processCount: number,
): Partial<TrackerServerOptions> {
  const { allowClient, denyClient, trustedProxy } = flags;
  const rate = addressRate(flags);
  return {
    ...(allowClient && { allowClients: allowClient }),
    ...(denyClient && { denyClients: denyClient }),
    ...(trustedProxy && { trustedProxies: trustedProxy }),
    ...(rate && {
      rate: {
        ...rate,
        perMinute: rate.perMinute / processCount,
        burst: Math.ceil(rate.burst / processCount),
      },
    }),
  };
}

/** Unless it is asked for, nobody on this machine is held back: a proxy may be there. */
function addressRate({ rate, rateBurst }: AdmissionFlags): Rate | undefined {
  if (rate === 'off') return undefined;
  if (rate !== undefined) return { perMinute: rate, burst: rateBurst ?? rate };
  return { perMinute: DEFAULT_RATE, burst: DEFAULT_RATE, sparesLoopback: true };
}

type Rate = AddressRate & { readonly burst: number };

function rateOf(text: string): number | 'off' {
  return text === 'off' ? text : count(text);
}

function count(text: string): number {
  return parseWhole(text, 1, MAX_RATE);
}

function prefixes(text: string, previous?: readonly string[]): readonly string[] {
  return checked(repeatable(text, previous), (allow) => new ClientRules({ allow }));
}

function networks(text: string, previous?: readonly string[]): readonly string[] {
  return checked(repeatable(text, previous), (list) => new TrustedProxies(list));
}

function checked(
  values: readonly string[],
  check: (values: readonly string[]) => unknown,
): readonly string[] {
  if (values.length === 0) throw new InvalidArgumentError('Write a value, or leave it out.');
  try {
    check(values);
    return values;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { message } = error;
    throw new InvalidArgumentError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
  }
}
