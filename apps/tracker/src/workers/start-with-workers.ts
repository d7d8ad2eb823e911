/** A tracker whose listeners are its workers; all that it knows is known here too. */
import { CliError, ExitCode } from '@shoal/cli';
import {
  type AccessLists,
  createTrackerServer,
  LISTEN_NAMES,
  type ListenerAddresses,
  type ListenPlaces,
  listOf,
  type SharedSwarmStore,
  type TrackerServerOptions,
} from '@shoal/tracker/server';
import { silentLog } from '@shoal/units';
import type { RunningTracker } from '../running-tracker.ts';
import type { TrackerFlags } from '../tracker-flags.ts';
import { type Hubs, WorkerPool } from './worker-pool.ts';

export interface WorkersOptions {
  readonly flags: TrackerFlags;
  readonly lists: AccessLists;
  readonly options: TrackerServerOptions & { readonly connectionSecret: Uint8Array };
  /** Passes on what workers hear; undefined when Redis does. */
  readonly hubs: Hubs | undefined;
  readonly store: SharedSwarmStore;
}

/** @throws TrackerError `port-taken`, `cannot-listen`; CliError when workers end at once */
export async function startWithWorkers(workers: WorkersOptions): Promise<RunningTracker> {
  const { flags, lists, hubs, store } = workers;
  const { http, https, udp, ws, wss, ...options } = workers.options;
  const { clock, log, connectionSecret } = options;
  const addresses = await findAddresses(workers.options);
  const server = await createTrackerServer(options);
  const task = {
    flags,
    lists,
    places: {
      ...withPorts(workers.options, addresses),
      ...(options.identity && { identity: options.identity }),
    },
    connectionSecret,
  };
  const pool = await WorkerPool.start({ count: flags.workers, task, hubs, store, clock, log });
  if (pool === undefined) {
    await server.close();
    throw new CliError(
      ExitCode.error,
      'The workers ended before they listened.',
      'What they said stands above; this system may not let processes share a port.',
    );
  }
  return {
    ...server,
    ...addresses,
    stats: () => pool.addTo(server.stats()),
    workers: pool,
    clientCounts: () => pool.clientCounts(),
    setLists: (lists) => {
      server.setLists(lists);
      pool.setLists(lists);
    },
    setIdentity: (identity) => {
      server.setIdentity(identity);
      pool.setIdentity(identity);
    },
    close: async () => {
      await pool.close();
      await server.close();
    },
  };
}

/**
 * Listens alone for a moment: only then is a port refused that another program has, and port 0
 * becomes one that is free.
 */
async function findAddresses(options: TrackerServerOptions): Promise<ListenerAddresses> {
  const { signals: _, store: __, ...alone } = options;
  const server = await createTrackerServer({ ...alone, log: silentLog });
  await server.close();
  const { http, https, udp, ws, wss, listening } = server;
  return { http, https, udp, ws, wss, listening };
}

/** The places with the ports that were found. */
function withPorts(places: ListenPlaces, { listening }: ListenerAddresses): ListenPlaces {
  const found = LISTEN_NAMES.map((name) => {
    const addresses = listening.filter(({ transport }) => transport === name);
    return [
      name,
      listOf(places[name]).map((place, index) => ({
        ...place,
        port: addresses[index]!.address.port,
      })),
    ] as const;
  });
  return Object.fromEntries(found);
}
