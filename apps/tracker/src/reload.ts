/** SIGHUP: read again what may be read again, while requests are answered. */
import { isatty } from 'node:tty';
import { CliError, type Reporter, type SignalSource } from '@shoal/cli';
import { expiryOf, type TrackerServer } from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { readAccessLists } from './access-lists.ts';
import { readIdentity, warnOfEnd } from './tls-files.ts';
import type { TrackerFlags } from './tracker-flags.ts';

const STDIN = 0;

/** What of `process` stops the tracker: not SIGHUP. */
export const stopSignals = {
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): void {
    if (name !== 'SIGHUP') process.on(name, listener);
  },
  off(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): void {
    process.off(name, listener);
  },
  exit: (code: number): void => process.exit(code),
};

/** SIGHUP, from now on until `dispose`. */
export interface ReloadSignal {
  /** Calls `reload` at each signal, one call after the other: at once for those that came before. */
  start(reload: () => Promise<void>): void;
  /** Calls it no more; a signal still ends nothing. */
  stop(): void;
  /** Gives the signal back to the system. */
  dispose(): void;
}

/**
 * Listens. A tracker that was started on a terminal which has gone is stopped: then SIGHUP came from
 * there.
 */
export function listenForReload(source: Pick<SignalSource, 'on' | 'off'> = process): ReloadSignal {
  const hadTerminal = isatty(STDIN);
  let isAsked = false;
  let ask = (): void => {
    isAsked = true;
  };
  const handleSignal = (): void => {
    if (hadTerminal && !isatty(STDIN)) process.kill(process.pid, 'SIGTERM');
    else ask();
  };
  source.on('SIGHUP', handleSignal);
  return {
    start: (reload) => {
      let last = Promise.resolve();
      ask = () => {
        last = last.then(reload);
      };
      if (isAsked) ask();
    },
    stop: () => {
      ask = () => {};
    },
    dispose: () => source.off('SIGHUP', handleSignal),
  };
}

/** Reads the lists of torrents and the certificate again; what cannot be read stays as it was. */
export async function reloadFiles(
  flags: TrackerFlags,
  server: TrackerServer,
  reporter: Reporter,
  log: Log,
): Promise<void> {
  await keeping('lists not read again: the old ones stay', log, async () => {
    const lists = await readAccessLists(flags);
    server.setLists(lists);
    const counts = { allow: lists.allow?.count, deny: lists.deny?.count };
    log.info('lists read again', counts);
    reporter.event('reloaded', counts);
  });
  await keeping('certificate not read again: the old one stays', log, async () => {
    const identity = await readIdentity(flags);
    if (identity === undefined) return;
    server.setIdentity(identity);
    warnOfEnd(identity, log);
    const ends = new Date(expiryOf(identity)).toISOString();
    log.info('certificate read again', { ends });
    reporter.event('reloaded', { certificateEnds: ends });
  });
}

/** A file that cannot be read is said in the log and changes nothing. */
async function keeping(sentence: string, log: Log, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    log.error(sentence, { reason: error.message });
  }
}
