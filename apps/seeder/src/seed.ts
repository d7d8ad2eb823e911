/** The seeder's one command: gathers the torrents, seeds until a signal or the goal of its flags. */
import { dirname, resolve } from 'node:path';
import {
  ExitCode,
  explainError,
  peersOf,
  type Reporter,
  seedGoalOf,
  stoppable,
  torrentRoot,
} from '@shoal/cli';
import type { EngineHandle } from '@shoal/engine';
import type { Metainfo } from '@shoal/metainfo';
import { idToHex, type PeerAddress } from '@shoal/units';
import { addOptionsOf, openEngine } from './engine-options.ts';
import { makeTorrent } from './make-torrent.ts';
import { SeedRun } from './seed-run.ts';
import { readTorrent, type SeedSource, sortSources } from './seed-source.ts';
import type { SeederFlags } from './seeder-flags.ts';

/** @returns exit code 0 after a signal or when the goal is reached */
export function seed(paths: readonly string[], flags: SeederFlags): Promise<ExitCode> {
  const run = (reporter: Reporter, signal: AbortSignal) => seedAll(paths, flags, reporter, signal);
  return stoppable(flags, run, 'The same command goes on where it was.');
}

async function seedAll(
  paths: readonly string[],
  flags: SeederFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<ExitCode> {
  const sources = await sortSources(paths, flags.data);
  const peers = await peersOf(flags);
  const { engine, trackerUrls, close } = await openEngine(flags, reporter);
  const run = new SeedRun(engine, reporter, seedGoalOf(flags), sources.length);
  try {
    const gathering = new Gathering(engine, run, reporter, flags, peers, trackerUrls[0]);
    await gathering.addAll(sources, signal);
    await run.ended(signal);
  } finally {
    reporter.end();
    await close();
  }
  run.conclude();
  return ExitCode.done;
}

/** Reads or makes each torrent and adds it; one that cannot be seeded does not stop the others. */
class Gathering {
  readonly #engine: EngineHandle;
  readonly #run: SeedRun;
  readonly #reporter: Reporter;
  readonly #flags: SeederFlags;
  readonly #peers: readonly PeerAddress[];
  readonly #ownTracker: string | undefined;

  constructor(
    engine: EngineHandle,
    run: SeedRun,
    reporter: Reporter,
    flags: SeederFlags,
    peers: readonly PeerAddress[],
    ownTracker: string | undefined,
  ) {
    this.#engine = engine;
    this.#run = run;
    this.#reporter = reporter;
    this.#flags = flags;
    this.#peers = peers;
    this.#ownTracker = ownTracker;
  }

  /** @throws the signal's reason; the first failure when all failed */
  async addAll(sources: readonly SeedSource[], signal: AbortSignal): Promise<void> {
    for (const source of sources) {
      this.#run.goOn();
      signal.throwIfAborted();
      try {
        await this.#add(source, signal);
      } catch (error) {
        signal.throwIfAborted();
        const known = explainError(error, source.path);
        if (known === undefined || sources.length === 1) throw error;
        this.#run.fail(known);
      }
    }
  }

  async #add(source: SeedSource, signal: AbortSignal): Promise<void> {
    if (source.kind === 'unusable') throw source.failure;
    if (source.kind === 'torrent') {
      const metainfo = await readTorrent(source.path);
      await this.#seed(metainfo, await torrentRoot(source.dataFolder, metainfo.info.name), false);
    } else {
      const metainfo = await makeTorrent(
        source.path,
        this.#ownTracker,
        this.#flags,
        this.#reporter,
        signal,
      );
      await this.#seed(metainfo, dirname(resolve(source.path)), true);
    }
  }

  async #seed(metainfo: Metainfo, dataFolder: string, isFresh: boolean): Promise<void> {
    if (this.#engine.torrent(idToHex(metainfo.info.infoHash)) !== undefined) return;
    const options = addOptionsOf(metainfo, dataFolder, isFresh, this.#peers, this.#flags);
    this.#run.watch(await this.#engine.add(options), dataFolder);
  }
}
