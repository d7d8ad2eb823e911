/** From flags to an engine with its trackers and discoveries: opened together, closed together. */
import type { Discovery } from '@shoal/discovery';
import {
  createTrackerTransport,
  NameResolver,
  type Resolve,
  type TrackerTransport,
} from '@shoal/tracker/client';
import type { Clock, Log, Random } from '@shoal/units';
import { openDiscoveries } from './discoveries.ts';
import { openOwnTrackers } from './own-trackers/open-own-trackers.ts';
import type { TrackedEngine } from './own-trackers/own-trackers.ts';
import type { Teller } from './reporter.ts';
import type { SwarmFlags } from './swarm-flags.ts';
import { textLog } from './text-log.ts';

/** What the flags say to an engine. */
interface SwarmEngineOptions {
  readonly stateFolder: string;
  readonly userAgent: string;
  /** Bytes a second, undefined for no limit; left out: what was set in the last run. */
  readonly limits: {
    readonly downBytesPerS?: number | undefined;
    readonly upBytesPerS?: number | undefined;
  };
  readonly discoveries: readonly Discovery[];
  readonly trackerTransport: TrackerTransport;
  readonly resolve: Resolve;
  readonly usesPeerExchange: boolean;
  readonly encryption: 'prefer' | 'require' | 'off';
  readonly log: Log;
  readonly port?: number;
  /** No other port will do. */
  readonly strictPort?: boolean;
  readonly host?: string;
}

/** As much of an engine as is known here: it comes from the program. */
interface SwarmEngine extends TrackedEngine {
  close(): Promise<void>;
}

/** What the flags leave to the program. */
interface SwarmProgram<E extends SwarmEngine> {
  readonly userAgent: string;
  /** The state folder unless `--state` names one. */
  readonly defaultState: string;
  readonly teller: Teller;
  readonly clock: Clock;
  readonly random: Random;
  createEngine(options: SwarmEngineOptions): Promise<E>;
}

/** An engine and what must be kept when it ends. */
export interface RunningEngine<E extends SwarmEngine> {
  readonly engine: E;
  /** Of the tracker it serves on a port of its own, best first. */
  readonly trackerUrls: readonly string[];
  /** Says goodbye, keeps all state, closes everything. */
  close(): Promise<void>;
}

/**
 * Starts the engine the flags ask for, and the trackers it serves itself. Nothing stays open when
 * it throws.
 * @throws whatever `createEngine` does; CliError for a bad DHT node; TrackerError `port-taken`,
 * `cannot-listen`
 */
export async function openSwarmEngine<E extends SwarmEngine>(
  flags: SwarmFlags,
  program: SwarmProgram<E>,
): Promise<RunningEngine<E>> {
  const { userAgent, teller, clock, random } = program;
  const stateFolder = flags.state ?? program.defaultState;
  const log = textLog(flags.logLevel ?? 'silent', (line) => teller.log(line), Date.now);
  await using opening = new AsyncDisposableStack();
  const discoveries = await openDiscoveries(flags, stateFolder, { clock, random, log });
  opening.defer(() => discoveries.close());
  const trackers = await openOwnTrackers(flags, teller, { clock, random, log });
  opening.defer(async () => trackers?.close());
  const { resolve } = new NameResolver();
  const transport = createTrackerTransport({ userAgent, clock, random, resolve });
  const engine = await program.createEngine({
    stateFolder,
    userAgent,
    limits: {
      ...(flags.downLimit === undefined ? {} : { downBytesPerS: flags.downLimit || undefined }),
      ...(flags.upLimit === undefined ? {} : { upBytesPerS: flags.upLimit || undefined }),
    },
    discoveries: discoveries.all,
    trackerTransport: trackers?.preparing(transport) ?? transport,
    resolve,
    usesPeerExchange: flags.pex,
    encryption: flags.encryption ?? 'prefer',
    log,
    ...(flags.port === undefined ? {} : { port: flags.port, strictPort: true }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
  });
  opening.defer(() => engine.close());
  trackers?.follow(engine);
  const open = opening.move();
  return { engine, trackerUrls: trackers?.urls ?? [], close: () => open.disposeAsync() };
}
