/** From flags to an engine: the only place that makes one. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  openDiscoveries,
  openOwnTrackers,
  type Reporter,
  resolvePeers,
  type SwarmFlags,
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
import { createTrackerTransport } from '@shoal/tracker/client';
import type { PeerAddress } from '@shoal/units';
import type { AddSource } from './add-source.ts';
import type { PeerFlags } from './peer-flags.ts';
import { TorrentCopies } from './torrent-copies.ts';
import { USER_AGENT } from './version.ts';

/** An engine and what must be kept when it ends. */
export interface RunningEngine {
  readonly engine: EngineHandle;
  /** Says goodbye, keeps all state, closes everything. */
  close(): Promise<void>;
}

/** What is said of an engine as a whole; a Reporter, or the screen. */
export type Teller = Pick<Reporter, 'event' | 'note' | 'log'>;

/**
 * Starts the engine the flags ask for, and the trackers it serves itself.
 * @param defaultState - its state folder unless `--state` names one
 * @throws EngineError `port-taken`, `state-locked`, `state-unwritable`; TrackerError `port-taken`,
 * `cannot-listen`
 */
export async function openEngine(
  flags: SwarmFlags,
  defaultState: string,
  teller: Teller,
): Promise<RunningEngine> {
  const log = textLog(flags.logLevel ?? 'silent', (line) => teller.log(line), Date.now);
  const folder = flags.state ?? defaultState;
  const ports = { clock: systemClock, random: systemRandom };
  const discoveries = await openDiscoveries(flags, folder, { ...ports, log });
  const trackers = await openOwnTrackers(flags, teller, { ...ports, log }).catch(async (error) => {
    await discoveries.close();
    throw error;
  });
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
  const copies = new TorrentCopies(engine, teller);
  const close = async (): Promise<void> => {
    await engine.close();
    await Promise.all([discoveries.close(), trackers?.close(), copies.settled()]);
  };
  return { engine, close };
}

/** How the flags ask for a torrent to be added. */
export function addOptionsOf(
  source: AddSource,
  outputFolder: string,
  peers: readonly PeerAddress[],
  flags: PeerFlags,
): AddOptions {
  return {
    source,
    outputFolder,
    peers,
    trackers: flags.tracker ?? [],
    sequential: flags.sequential === true,
    ...(flags.store === undefined ? {} : { store: flags.store }),
    ...(flags.select === undefined
      ? {}
      : { selectedFiles: flags.select.map((number) => number - 1) }),
  };
}

/** The addresses of all `--peer` flags. @throws CliError for one that is none or has none */
export async function peersOf(flags: SwarmFlags): Promise<PeerAddress[]> {
  const peers: PeerAddress[] = [];
  for (const text of flags.peer ?? []) peers.push(...(await resolvePeers(text)));
  return peers;
}

/**
 * The state folder of downloads into one folder: the same torrent may be fetched into two folders
 * at once, but not twice into one.
 */
export function stateFolderFor(outputFolder: string): string {
  const key = createHash('sha1').update(resolve(outputFolder)).digest('hex');
  return join(stateFolder(), 'get', key.slice(0, 16));
}
