/** From flags to an engine, and to what it is told of a torrent. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  openSwarmEngine,
  type RunningEngine,
  type SwarmFlags,
  stateFolder,
  type Teller,
} from '@shoal/cli';
import {
  type AddOptions,
  createEngine,
  type EngineHandle,
  systemClock,
  systemRandom,
} from '@shoal/engine';
import type { PeerAddress } from '@shoal/units';
import type { AddSource } from './add-source.ts';
import type { PeerFlags } from './peer-flags.ts';
import { TorrentCopies } from './torrent-copies.ts';
import { USER_AGENT } from './version.ts';

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
): Promise<RunningEngine<EngineHandle>> {
  const running = await openSwarmEngine(flags, {
    userAgent: USER_AGENT,
    defaultState,
    teller,
    clock: systemClock,
    random: systemRandom,
    createEngine,
  });
  const copies = new TorrentCopies(running.engine, teller);
  const close = async (): Promise<void> => {
    await running.close();
    await copies.settled();
  };
  return { ...running, close };
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

/**
 * The state folder of downloads into one folder: the same torrent may be fetched into two folders
 * at once, but not twice into one.
 */
export function stateFolderFor(outputFolder: string): string {
  const key = createHash('sha1').update(resolve(outputFolder)).digest('hex');
  return join(stateFolder(), 'get', key.slice(0, 16));
}
