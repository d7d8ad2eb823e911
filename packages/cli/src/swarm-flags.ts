/** The flags that every command that joins a swarm has. */
import type { Command } from 'commander';
import { parseRateLimit } from './byte-size.ts';
import { flag, oneOf, parseAmount, parsePort, repeatable, trackerUrls } from './flag.ts';
import { parseNumberRanges } from './number-ranges.ts';
import type { LogLevel } from './text-log.ts';
import { parseTrackerPort } from './tracker-port-flag.ts';

/** What they say, checked. Lengths in bytes. */
export interface SwarmFlags extends OutputFlags {
  readonly output?: string;
  /** Undefined: 6881, or the next free one; 0: any. */
  readonly port?: number;
  readonly host?: string;
  /** `HOST:PORT`, as given. */
  readonly peer?: readonly string[];
  readonly tracker?: readonly string[];
  /** Bytes a second; 0: no limit. */
  readonly downLimit?: number;
  readonly upLimit?: number;
  readonly seedRatio?: number;
  /** Minutes. */
  readonly seedTime?: number;
  readonly sequential?: boolean;
  /** From 1 on. */
  readonly select?: readonly number[];
  readonly dht: boolean;
  /** `HOST:PORT`, as given. */
  readonly dhtBootstrap?: readonly string[];
  readonly lsd: boolean;
  readonly pex: boolean;
  readonly encryption?: 'prefer' | 'require' | 'off';
  /** The port of a tracker to serve, 0 for any; undefined: only where torrents name this machine. */
  readonly serveTracker?: number | 'off';
  readonly state?: string;
}

/** How a command says what it does. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly logLevel?: LogLevel;
}

/** Adds `--json`, `-q` and `--log-level`. */
export function addOutputFlags(command: Command): Command {
  return command
    .addOption(flag('--json', 'one JSON event a line on stdout'))
    .addOption(flag('-q, --quiet', 'results and errors alone'))
    .addOption(
      flag('--log-level <level>', 'log to stderr: debug, info, warn, error or silent', logLevel),
    );
}

/** Adds all of SwarmFlags but `-o`, whose meaning differs. */
export function addSwarmFlags(command: Command): Command {
  command
    .addOption(flag('-p, --port <n>', 'port for peers (default: 6881 or the next free)', parsePort))
    .addOption(flag('--host <addr>', 'address to listen on (default: all)'))
    .addOption(flag('--peer <host:port>', 'connect to this peer (repeatable)', repeatable))
    .addOption(
      flag('-t, --tracker <url>', 'announce to this tracker too (repeatable)', trackerUrls),
    )
    .addOption(flag('--down-limit <rate>', 'download at most, such as 5M', parseRateLimit))
    .addOption(flag('--up-limit <rate>', 'upload at most, such as 1M', parseRateLimit))
    .addOption(flag('--seed-ratio <r>', 'seed until r times the size is uploaded', parseAmount))
    .addOption(flag('--seed-time <min>', 'seed for this many minutes', parseAmount))
    .addOption(flag('--sequential', 'fetch the pieces in order'))
    .addOption(flag('--select <list>', 'files to fetch, such as 1-3,5', parseNumberRanges))
    .addOption(flag('--no-dht', 'do not use the DHT'))
    .addOption(flag('--dht-bootstrap <host:port>', 'enter the DHT here (repeatable)', repeatable))
    .addOption(flag('--no-lsd', 'do not look for peers on the LAN'))
    .addOption(flag('--no-pex', 'do not exchange peers with peers'))
    .addOption(flag('--encryption <policy>', 'prefer, require or off', encryption))
    .addOption(
      flag(
        '--serve-tracker [port]',
        'be a tracker too (default: 6969; off: never)',
        parseTrackerPort,
      ),
    )
    .addOption(flag('--state <dir>', 'folder for resume state'));
  return addOutputFlags(command);
}

const logLevel = oneOf('debug', 'info', 'warn', 'error', 'silent');
const encryption = oneOf('prefer', 'require', 'off');
