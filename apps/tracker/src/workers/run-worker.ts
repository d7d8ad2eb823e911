/** A worker process: answers until its parent tells it to stop, or is gone. */
import { ExitCode } from '@shoal/cli';
import {
  createTrackerServer,
  type TrackerServer,
  WorkerExchange,
  WorkerSignals,
} from '@shoal/tracker/server';
import { systemClock, systemRandom } from '../adapters.ts';
import { logOf } from '../logging/create-log.ts';
import { serverOptions } from '../server-options.ts';
import { openStorage } from '../storage/open-storage.ts';
import { hasWebSocket } from '../tracker-flags.ts';
import { openAccounts } from '../users/open-accounts.ts';
import { LoadMeter } from './process-load.ts';
import { narrowPort, processPort } from './process-port.ts';
import {
  isHubMessage,
  type ParentMessage,
  type WorkerMessage,
  type WorkerTask,
} from './worker-protocol.ts';

const REPORT_PERIOD_MS = 500;

/** The parent says when to stop: what a terminal sends to all of its processes is for that. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @throws CliError when it cannot listen */
export async function runWorker(): Promise<ExitCode> {
  for (const signal of SIGNALS) process.on(signal, () => {});
  const port = processPort<WorkerMessage, ParentMessage>(process);
  const told = Promise.withResolvers<WorkerTask>();
  const stopped = Promise.withResolvers<void>();
  let server: TrackerServer | undefined;
  port.listen((message) => {
    if (message.type === 'start') told.resolve(message.task);
    if (message.type === 'lists') server?.setLists(message.lists);
    if (message.type === 'identity') server?.setIdentity(message.identity);
    if (message.type === 'stop') stopped.resolve();
  });
  // Without its parent it ends: nobody tells it of swarms, and clients must not be shared with it.
  const leave = (): never => process.exit(ExitCode.done);
  process.once('disconnect', leave);
  void port.post({ type: 'ready' }).catch(leave);
  const { flags, lists, places, connectionSecret } = await told.promise;
  const log = logOf(flags);
  const hubPort = narrowPort(port, isHubMessage);
  const storage = await openStorage({
    flags,
    log,
    family: {
      openExchange: () => WorkerExchange.open(hubPort, systemClock).catch(leave),
      openSignals: () =>
        hasWebSocket(flags) ? new WorkerSignals(hubPort, systemRandom) : undefined,
    },
  });
  const accounts = await openAccounts(flags.private, flags.interval, log);
  server = await createTrackerServer({
    ...serverOptions(flags, flags.workers, log),
    ...lists,
    ...places,
    ...(accounts && { membership: accounts }),
    ...(storage.signals && { signals: storage.signals }),
    store: storage.store,
    connectionSecret,
    sharesPorts: true,
  });
  process.off('disconnect', leave);
  const end = (): void => stopped.resolve();
  process.once('disconnect', end);
  const running = server;
  const load = new LoadMeter();
  const report = (): Promise<void> => {
    const clients = running.clientCounts();
    return port.post({
      type: 'report',
      report: { stats: running.stats(), clients, load: load.read() },
    });
  };
  const timer = systemClock.every(REPORT_PERIOD_MS, () => void report().catch(() => {}));
  void port.post({ type: 'listening' }).catch(end);
  await stopped.promise;
  timer.cancel();
  await server.close();
  await storage.close();
  await accounts?.close();
  await report().catch(() => {});
  load.close();
  if (process.connected) process.disconnect?.();
  return ExitCode.done;
}
