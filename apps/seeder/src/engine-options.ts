/** From flags to an engine, and to what it is told of a torrent. */
import { join } from 'node:path';
import { openSwarmEngine, type RunningEngine, stateFolder, type Teller } from '@shoal/cli';
import {
  type AddOptions,
  createEngine,
  type EngineHandle,
  systemClock,
  systemRandom,
} from '@shoal/engine';
import type { Metainfo } from '@shoal/metainfo';
import type { PeerAddress } from '@shoal/units';
import type { SeederFlags } from './seeder-flags.ts';
import { USER_AGENT } from './version.ts';

/**
 * Starts the engine the flags ask for, and the trackers it serves itself.
 * @throws EngineError `port-taken`, `state-locked`, `state-unwritable`; TrackerError `port-taken`,
 * `cannot-listen`
 */
export function openEngine(
  flags: SeederFlags,
  teller: Teller,
): Promise<RunningEngine<EngineHandle>> {
  return openSwarmEngine(flags, {
    userAgent: USER_AGENT,
    defaultState: join(stateFolder(), 'seeder'),
    teller,
    clock: systemClock,
    random: systemRandom,
    createEngine,
  });
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
    // Whatever a former run left: it is to be seeded now.
    paused: false,
  };
}
