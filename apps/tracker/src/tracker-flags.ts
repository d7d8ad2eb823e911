/** The flags of `shoal-tracker`, each with its environment twin: `--interval` is SHOAL_TRACKER_INTERVAL. */
import { CliError, ExitCode, oneOf, parseWhole, repeatable } from '@shoal/cli';
import { LISTEN_NAMES } from '@shoal/tracker/server';
import type { Command } from 'commander';
import { type AdmissionFlags, addAdmissionFlags } from './admission-flags.ts';
import { addLimitFlags, type LimitFlags } from './limit-flags.ts';
import { type ListenFlag, type ListenPlace, listening, listeningOn } from './listen-flag.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFlags } from './logging/create-log.ts';
import { addStorageFlags, type StorageFlags } from './storage/storage-flags.ts';
import { trackerFlag } from './tracker-flag.ts';

/** Where both listen when nothing is said. */
export const DEFAULT_PORT = 6_969;
const DEFAULT_INTERVAL_S = 600;
const MAX_INTERVAL_S = 14_400;

/** Flags that add up. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'allow-client',
  'deny-client',
  'trusted-proxy',
  'admin-host',
  ...LISTEN_NAMES,
]);

export interface TrackerFlags extends AdmissionFlags, StorageFlags, LimitFlags, LogFlags {
  readonly http: readonly ListenPlace[];
  readonly udp: readonly ListenPlace[];
  /** This and those below: off unless it is given. */
  readonly ws?: readonly ListenPlace[];
  readonly https?: readonly ListenPlace[];
  readonly wss?: readonly ListenPlace[];
  /** Files of PEM: the certificate of `https` and `wss`, and its key. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly interval: number;
  /** Files with an infohash a line. */
  readonly allow?: string;
  readonly deny?: string;
  readonly json?: boolean;
  /** A file with a key for each flag. */
  readonly config?: string;
  /** Says what is wrong with the configuration, and starts nothing. */
  readonly checkConfig?: boolean;
  /** Where the admin server listens; off unless it is given. */
  readonly admin?: ListenFlag;
  /** Names that the admin server answers to, beside addresses and `localhost`. */
  readonly adminHost?: readonly string[];
}

/** A place with the flag that names it. */
export interface FlagPlace extends ListenPlace {
  readonly name: (typeof LISTEN_NAMES)[number];
}

/** All places to listen at, flag by flag. */
export function placesOf(flags: Pick<TrackerFlags, FlagPlace['name']>): FlagPlace[] {
  return LISTEN_NAMES.flatMap((name) => (flags[name] ?? []).map((place) => ({ name, ...place })));
}

/** Whether this tracker listens on WebSocket. */
export function hasWebSocket({ ws = [], wss = [] }: TrackerFlags): boolean {
  return ws.length + wss.length > 0;
}

/** Adds all of them. */
export function addTrackerFlags(program: Command): Command {
  const anywhere: readonly ListenPlace[] = [{ host: undefined, port: DEFAULT_PORT }];
  program
    .addOption(
      trackerFlag(
        '--http <[host:]port>',
        'where HTTP listens, or off (repeatable)',
        listeningOn(anywhere),
      ).default(anywhere, '6969 on all addresses'),
    )
    .addOption(
      trackerFlag(
        '--udp <[host:]port>',
        'where UDP listens, or off (repeatable)',
        listeningOn(anywhere),
      ).default(anywhere, '6969 on all addresses'),
    )
    .addOption(
      trackerFlag('--ws <[host:]port>', 'where WebSocket listens, for WebTorrent', listeningOn()),
    )
    .addOption(trackerFlag('--https <[host:]port>', 'where HTTPS listens', listeningOn()))
    .addOption(trackerFlag('--wss <[host:]port>', 'where secure WebSocket listens', listeningOn()))
    .addOption(
      trackerFlag('--tls-cert <file>', 'the certificate of --https and --wss, and its chain: PEM'),
    )
    .addOption(trackerFlag('--tls-key <file>', 'its private key: PEM, read again on SIGHUP'))
    .addOption(
      trackerFlag('--interval <s>', 'seconds between the announces of a client', (text) =>
        parseWhole(text, 1, MAX_INTERVAL_S),
      ).default(DEFAULT_INTERVAL_S),
    )
    .addOption(trackerFlag('--allow <file>', 'track only these torrents: an infohash a line'))
    .addOption(trackerFlag('--deny <file>', 'do not track these torrents: an infohash a line'));
  addLimitFlags(addStorageFlags(addAdmissionFlags(program)))
    .addOption(
      trackerFlag(
        '--admin <[host:]port>',
        'a page to look at, metrics and health; host: 127.0.0.1 unless given',
        listening,
      ),
    )
    .addOption(
      trackerFlag(
        '--admin-host <name>',
        'a name the admin page is asked by, such as behind a proxy (repeatable)',
        repeatable,
      ),
    )
    .addOption(trackerFlag('--json', 'print events on stdout, one JSON object a line'))
    .addOption(
      trackerFlag(
        '--log-level <level>',
        `how much to log on stderr: ${LOG_LEVELS.join(', ')}`,
        oneOf(...LOG_LEVELS),
      ).default('warn'),
    )
    .addOption(
      trackerFlag(
        '--log-format <format>',
        `${LOG_FORMATS.join(', ')}; auto: text on a terminal, JSON elsewhere`,
        oneOf(...LOG_FORMATS),
      ).default('auto'),
    )
    .addOption(trackerFlag('--log-addresses', 'let the addresses of clients into the log'))
    .addOption(trackerFlag('--config <file>', 'TOML with a key for each flag: interval = 900'))
    .addOption(
      trackerFlag('--check-config', 'say what is wrong with flags and file, and start nothing'),
    );
  refuseRepeats(program);
  return program;
}

/** A flag with one value must not come twice: the first one would say nothing. */
function refuseRepeats(program: Command): void {
  for (const option of program.options) {
    const name = option.name();
    if (!option.required || REPEATABLE.has(name)) continue;
    let isGiven = false;
    program.on(`option:${name}`, () => {
      if (isGiven)
        throw new CliError(ExitCode.usage, `--${name} is given twice.`, 'Give it one value.');
      isGiven = true;
    });
  }
}
