/** Starts the tracker that the flags describe: its storage, its servers, its workers. */
import {
  createTrackerServer,
  LISTEN_NAMES,
  type MemberAccounts,
  SharedSwarmStore,
  SignalHub,
  SwarmHub,
  type TrackerServerOptions,
} from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { readAccessLists } from './access-lists.ts';
import { systemClock, systemRandom } from './adapters.ts';
import { explainListening } from './explain-listening.ts';
import { addressOfPlace } from './listen-address.ts';
import type { RunningTracker } from './running-tracker.ts';
import { serverOptions } from './server-options.ts';
import { keepSnapshots, makeSnapshotPlace } from './storage/keep-snapshots.ts';
import { openStorage } from './storage/open-storage.ts';
import { readIdentity, warnOfEnd } from './tls-files.ts';
import { hasWebSocket, type TrackerFlags } from './tracker-flags.ts';
import { startWithWorkers } from './workers/start-with-workers.ts';

const LISTEN_FLAGS = '--http, --https, --udp, --ws or --wss';

/**
 * @returns the tracker; closing it stores its swarms
 * @throws CliError when it cannot listen, or a list or the certificate cannot be read, or the
 *   folder of the snapshot cannot be made, or its file is something else
 */
export async function startTracker(
  flags: TrackerFlags,
  membership: MemberAccounts | undefined,
  log: Log,
): Promise<RunningTracker> {
  const hasWorkers = flags.workers > 1;
  const hubs =
    hasWorkers && flags.store === 'memory'
      ? { swarms: new SwarmHub(systemClock), signals: new SignalHub() }
      : undefined;
  const [places, lists] = await Promise.all([readPlaces(flags, log), readAccessLists(flags)]);
  await makeSnapshotPlace(flags);
  const storage = await openStorage({
    flags,
    log,
    ...(hubs && {
      family: {
        openExchange: () => Promise.resolve(hubs.swarms.exchange()),
        openSignals: () => (hasWebSocket(flags) ? hubs.signals.carrier(systemRandom) : undefined),
      },
    }),
  });
  const { store, signals } = storage;
  const snapshots = await keepSnapshots(flags, storage, log).catch(async (error) => {
    await storage.close();
    throw error;
  });
  const closeStorage = async (): Promise<void> => {
    await storage.close();
    await snapshots?.close();
  };
  const addressed: TrackerServerOptions & { readonly connectionSecret: Uint8Array } = {
    ...serverOptions(flags, 1, log),
    ...lists,
    ...places,
    ...(membership && { membership }),
    ...(signals && { signals }),
    connectionSecret: systemRandom.bytes(16),
    store,
  };
  try {
    const server: RunningTracker =
      hasWorkers && store instanceof SharedSwarmStore
        ? await startWithWorkers({ flags, lists, options: addressed, hubs, store })
        : await createTrackerServer(addressed);
    const close = async (): Promise<void> => {
      await server.close();
      await closeStorage();
    };
    return { ...server, ...(snapshots && { snapshotMs: () => snapshots.savedMs }), close };
  } catch (error) {
    await closeStorage();
    throw explainListening(error, LISTEN_FLAGS);
  }
}

/** Where to listen, and under which certificate. */
async function readPlaces(flags: TrackerFlags, log: Log): Promise<Partial<TrackerServerOptions>> {
  const addresses = await Promise.all(
    LISTEN_NAMES.map(async (name) => {
      const places = await Promise.all((flags[name] ?? []).map((place) => addressOfPlace(place)));
      return [name, places] as const;
    }),
  );
  const identity = await readIdentity(flags);
  if (identity !== undefined) warnOfEnd(identity, log);
  return {
    ...Object.fromEntries(addresses),
    ...(identity && { identity }),
  };
}
