/** The flags that say who may announce, and who is believed. */
import { parseWhole, repeatable } from '@shoal/cli';
import { ClientRules, type TrackerServerOptions, TrustedProxies } from '@shoal/tracker/server';
import { type Command, InvalidArgumentError } from 'commander';
import { trackerFlag } from './tracker-flag.ts';

const MAX_RATE = 1_000_000;

export interface AdmissionFlags {
  /** A database of users: only they may announce. */
  readonly private?: string;
  readonly allowClient?: readonly string[];
  readonly denyClient?: readonly string[];
  readonly trustedProxy?: readonly string[];
  /** Announces a minute from one address. */
  readonly rate?: number;
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
      trackerFlag('--rate <n>', 'announces a minute from one address (default: no limit)', count),
    )
    .addOption(
      trackerFlag('--rate-burst <n>', 'how many of them may come at once (default: --rate)', count),
    );
}

/**
 * The same as options of the server.
 * @param processCount - processes that answer on the same ports: each takes its part of the rate
 */
export function admissionOptions(
  flags: AdmissionFlags,
  processCount: number,
): Partial<TrackerServerOptions> {
  const { allowClient, denyClient, trustedProxy, rate, rateBurst = rate } = flags;
  return {
    ...(allowClient && { allowClients: allowClient }),
    ...(denyClient && { denyClients: denyClient }),
    ...(trustedProxy && { trustedProxies: trustedProxy }),
    ...(rate &&
      rateBurst && {
        rate: { perMinute: rate / processCount, burst: Math.ceil(rateBurst / processCount) },
      }),
  };
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
  try {
    check(values);
    return values;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { message } = error;
    throw new InvalidArgumentError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
  }
}
