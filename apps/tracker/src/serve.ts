/** Runs the tracker until a signal ends it. */
import { ExitCode, listenForStop, Reporter } from '@shoal/cli';
import type { MemberAccounts } from '@shoal/tracker/server';
import { formatPeerAddress, type PeerAddress } from '@shoal/units';
import { startAdmin } from './admin/start-admin.ts';
import { announceUrls } from './announce-urls.ts';
import { demandSense } from './config/check-flags.ts';
import { logOf } from './logging/create-log.ts';
import { stdoutLines } from './logging/line-writer.ts';
import { listenForReload, reloadFiles, stopSignals } from './reload.ts';
import type { RunningTracker } from './running-tracker.ts';
import { startTracker } from './start-tracker.ts';
import type { TrackerFlags } from './tracker-flags.ts';
import { openAccounts } from './users/open-accounts.ts';

/**
 * Listens, says so, and waits for SIGINT or SIGTERM; SIGHUP reads lists and certificate again.
 * @param warnings - for the log, about the environment
 * @throws CliError when it cannot listen or a list cannot be read
 */
export async function serve(
  flags: TrackerFlags,
  warnings: readonly string[] = [],
): Promise<ExitCode> {
  const hangUp = listenForReload();
  const reporter = new Reporter({ json: flags.json, stdout: stdoutLines });
  const log = logOf(flags);
  for (const warning of warnings) log.warn(warning);
  const stop = listenForStop(undefined, stopSignals);
  let accounts: MemberAccounts | undefined;
  try {
    demandSense(flags);
    accounts = await openAccounts(flags.private, flags.interval, log);
    const server = await startTracker(flags, accounts, log);
    hangUp.start(() => reloadFiles(flags, server, reporter, log));
    const admin = await startAdmin(flags, server, log);
    reporter.event('ready', {
      http: textOf(server.http),
      udp: textOf(server.udp),
      ...(server.https && { https: textOf(server.https) }),
      ...(server.ws && { ws: textOf(server.ws) }),
      ...(server.wss && { wss: textOf(server.wss) }),
      ...moreOf(server),
      ...(admin === undefined ? {} : { admin: textOf(admin.address) }),
    });
    const urls = announceUrls(
      server.listening,
      accounts === undefined ? '/announce' : '/PASSKEY/announce',
    );
    reporter.say(`Tracker ready: ${urls.join(' and ')}`);
    if (admin !== undefined) reporter.say(`Admin page: http://${textOf(admin.address)}/`);
    await aborted(stop.signal);
    hangUp.stop();
    await admin?.close();
    await server.close();
    reporter.event('stopped', { ...server.stats() });
    return ExitCode.done;
  } finally {
    await accounts?.close();
    stop.dispose();
    hangUp.dispose();
  }
}

/** All places, when a transport has more than the one that bears its name. */
function moreOf({ listening }: RunningTracker): { listening?: readonly string[] } {
  const transports = new Set(listening.map(({ transport }) => transport));
  if (transports.size === listening.length) return {};
  return {
    listening: listening.map(
      ({ transport, address }) => `${transport}://${formatPeerAddress(address)}`,
    ),
  };
}

function textOf(address: PeerAddress | undefined): string | null {
  return address === undefined ? null : formatPeerAddress(address);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
