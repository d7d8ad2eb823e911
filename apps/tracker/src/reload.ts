/** SIGHUP: read again what may be read again, while requests are answered. */
import { isatty } from 'node:tty';
import { CliError, type Reporter } from '@shoal/cli';
import type { TrackerServer } from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { readAccessLists } from './access-lists.ts';
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

/**
 * Calls `reload` at each SIGHUP, one call after the other. A tracker that was started on a terminal
 * which has gone is stopped: then SIGHUP came from there.
 * @returns how to end that
 */
export function listenForReload(reload: () => Promise<void>): () => void {
  const hadTerminal = isatty(STDIN);
  let last = Promise.resolve();
  const handleSignal = (): void => {
    if (hadTerminal && !isatty(STDIN)) process.kill(process.pid, 'SIGTERM');
    else last = last.then(reload);
  };
  process.on('SIGHUP', handleSignal);
  return () => process.off('SIGHUP', handleSignal);
}

/** Reads the lists of torrents again; when they cannot be read the old ones stay. */
export async function reloadLists(
  flags: TrackerFlags,
  server: TrackerServer,
  reporter: Reporter,
  log: Log,
): Promise<void> {
  try {
    const lists = await readAccessLists(flags);
    server.setLists(lists);
    const counts = { allow: lists.allow?.length, deny: lists.deny?.length };
    log.info('lists read again', counts);
    reporter.event('reloaded', counts);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    log.error('lists not read again: the old ones stay', { reason: error.message });
  }
}
