/** From flags to an engine: the only place that makes one. */
import { join } from 'node:path';
import {
  openDiscoveries,
  openOwnTrackers,
  type Reporter,
  resolvePeers,
  stateFolder,
  textLog,
} from '@shoal/cli';
import {
  type AddOptions,
  createEngine,
  type EngineHandle,
  systemClock,
  systemRandom,
} from '@shoal/engine';
import type { Metainfo } from '@shoal/metainfo';
import { createTrackerTransport } from '@shoal/tracker/client';
import type { PeerAddress } from '@shoal/units';
import type { SeederFlags } from './seeder-flags.ts';
import { USER_AGENT } from './version.ts';

/** An engine and what must be kept when it ends. */
export interface RunningEngine {
  readonly engine: EngineHandle;
  /** Of the tracker it serves on a port of its own. */
  readonly trackerUrls: readonly string[];
  /** Says goodbye, keeps all state, closes everything. */
  close(): Promise<void>;
}

/**
 * Starts the engine the flags ask for, and the trackers it serves itself.
 * @throws EngineError `port-taken`, `state-locked`, `state-unwritable`; TrackerError `port-taken`,
 * `cannot-listen`
 */
export async function openEngine(flags: SeederFlags, reporter: Reporter): Promise<RunningEngine> {
  const log = textLog(flags.logLevel ?? 'silent', (line) => reporter.log(line), Date.now);
  const folder = flags.state ?? join(stateFolder(), 'seeder');
  const ports = { clock: systemClock, random: systemRandom };
  const discoveries = await openDiscoveries(flags, folder, { ...ports, log });
  const trackers = await openOwnTrackers(flags, reporter, { ...ports, log }).catch(
    async (error) => {
      await discoveries.close();
      throw error;
    },
  );
  const transport = createTrackerTransport({ userAgent: USER_AGENT, ...ports });
  const engine = await createEngine({
    stateFolder: folder,
    userAgent: USER_AGENT,
    limits: {
      ...(flags.downLimit === undefined ? {} : { downBytesPerS: flags.downLimit || undefined }),
      ...(flags.upLimit === undefined ? {} : { upBytesPerS: flags.upLimit || undefined }),
    },
    discoveries: discoveries.all,
    trackerTransport: trackers?.preparing(transport) ?? transport,
    usesPeerExchange: flags.pex,
    encryption: flags.encryption ?? 'prefer',
    log,
    ...(flags.port === undefined ? {} : { port: flags.port, strictPort: true }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
  }).catch(async (error) => {
    await Promise.all([discoveries.close(), trackers?.close()]);
    throw error;
  });
  trackers?.follow(engine);
  const close = async (): Promise<void> => {
    await engine.close();
    await Promise.all([discoveries.close(), trackers?.close()]);
  };
  return { engine, trackerUrls: trackers?.urls ?? [], close };
}

/**
 * A torrent to be seeded and never fetched: no file of it is wanted.
 * @param isFresh - hashed a moment ago, so that it need not be hashed again
 */
export function addOptionsOf(
  metainfo: Metainfo,
  dataFolder: string,
  isFresh: boolean,
  peers: readonly PeerAddress[],
  flags: SeederFlags,
): AddOptions {
  return {
    source: { metainfo },
    outputFolder: dataFolder,
    peers,
    trackers: flags.tracker ?? [],
    trustComplete: isFresh,
  };
}

/** The addresses of all `--peer` flags. @throws CliError for one that is none or has none */
export async function peersOf(flags: SeederFlags): Promise<PeerAddress[]> {
  const peers: PeerAddress[] = [];
  for (const text of flags.peer ?? []) peers.push(...(await resolvePeers(text)));
  return peers;
}
