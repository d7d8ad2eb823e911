/** A tracker whose HTTP, HTTPS and UDP are answered by workers; its WebSocket and all it knows stay here. */
import { CliError, ExitCode } from '@shoal/cli';
import {
  createTrackerServer,
  type ListenAddress,
  type SharedSwarmStore,
  type SwarmHub,
  type TrackerServer,
  type TrackerServerOptions,
} from '@shoal/tracker/server';
import { type PeerAddress, silentLog } from '@shoal/units';
import { WorkerPool } from './worker-pool.ts';

export interface WorkersOptions {
  readonly count: number;
  readonly options: TrackerServerOptions & { readonly connectionSecret: Uint8Array };
  /** Passes on what workers hear; undefined when Redis does. */
  readonly hub: SwarmHub | undefined;
  readonly store: SharedSwarmStore;
}

/** @throws TrackerError `port-taken`, `cannot-listen`; CliError when workers end at once */
export async function startWithWorkers(workers: WorkersOptions): Promise<TrackerServer> {
  const { count, hub, store } = workers;
  const { http, https, udp, ...options } = workers.options;
  const { clock, log, connectionSecret } = options;
  const addresses = await findAddresses(workers.options);
  const server = await createTrackerServer(options);
  const task = {
    http: atPort(http, addresses.http),
    https: atPort(https, addresses.https),
    udp: atPort(udp, addresses.udp),
    connectionSecret,
    identity: options.identity,
  };
  const pool = await WorkerPool.start({ count, task, hub, store, clock, log });
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
async function findAddresses(
  options: TrackerServerOptions,
): Promise<Pick<TrackerServer, 'http' | 'https' | 'udp'>> {
  const { ws: _, wss: __, store: ___, ...alone } = options;
  const server = await createTrackerServer({ ...alone, log: silentLog });
  await server.close();
  return { http: server.http, https: server.https, udp: server.udp };
}

function atPort(
  listen: ListenAddress | undefined,
  found: PeerAddress | undefined,
): ListenAddress | undefined {
  return listen && found && { ...listen, port: found.port };
}
