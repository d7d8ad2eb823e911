/** Two torrents that go from a seeder to a leecher while one call of the system fails. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type AddOptions, EngineError } from '../../src/index.ts';
import { decodeResume } from '../../src/state/resume.ts';
import { makeSample, type Sample } from '../sample-torrent.ts';
import { type Node, SwarmStage } from '../swarm/swarm-stage.ts';
import { FailingFiles } from './failing-files.ts';
import { FailingHost } from './failing-host.ts';

const TRACKERS = [['http://tracker.test/announce']];
const PIECE_LENGTH = 16_384;
/** A torrent that stopped for one of these goes on by itself. */
const PASSING_FAULTS = ['disk-full', 'too-many-files'];

/** Whose calls fail, and of what kind. */
export interface FaultPlace {
  readonly who: 'seeder' | 'leecher';
  readonly what: 'files' | 'network';
}

/** What a run of the whole transfer came to. */
export interface FaultOutcome {
  /** Calls that were made; with the one that failed, when there was one. */
  readonly callCount: number;
  readonly failed: string | undefined;
  /** Torrents of the node with the fault that stopped with an error. */
  readonly stoppedCount: number;
}

/**
 * Runs it to its end, and whoever failed to start or stopped is begun again, as a person would.
 * @throws Error when anything else is wrong in the end
 */
export async function transferWithFault(
  { who, what }: FaultPlace,
  failing?: number,
): Promise<FaultOutcome> {
  await using stage = await SwarmStage.open({
    files: [{ path: 'file.bin', length: 40_000 }],
    pieceLength: PIECE_LENGTH,
  });
  const other = makeSample({
    ...{ name: 'other', seed: 5, pieceLength: PIECE_LENGTH, trackers: TRACKERS },
    files: [
      { path: 'folder/a.bin', length: 20_000 },
      { path: 'b.bin', length: 3_000 },
    ],
  });
  const samples = [stage.sample, other];
  const n = who === 'seeder' ? 1 : 2;
  using files =
    what === 'files' ? new FailingFiles(path.join(stage.folder, `node-${n}`), failing) : undefined;
  const counter = files ?? new FailingHost(stage.network.host(`10.0.0.${n}`), failing);
  const seeder = await startAnew(stage, 1);
  for (const sample of samples) await sample.writeTo(seeder.dataFolder);
  const stopped = await addAll(stage, seeder, samples);
  const leecher = await startAnew(stage, 2);
  const stoppedToo = await addAll(stage, leecher, samples);
  for (const node of [leecher, seeder]) await stage.stop(node.engine);
  files?.[Symbol.dispose]();
  for (const sample of samples)
    if (!(await sample.isIn(leecher.dataFolder))) throw new Error('not what was shared');
  for (const node of [leecher, seeder]) await demandStates(node.stateFolder, samples.length);
  const stoppedCount = (who === 'seeder' ? stopped : stoppedToo).size;
  return { callCount: counter.callCount, failed: counter.failed, stoppedCount };
}

/** Starts an engine; once more when the fault hit its start. */
async function startAnew(stage: SwarmStage, n: number): Promise<Node> {
  return stage.start(n).catch((error: unknown) => {
    if (!(error instanceof EngineError) && !isSystemError(error)) throw error;
    return stage.start(n);
  });
}

/** Adds the torrents and waits until all are complete. @returns the infohashes that stopped */
async function addAll(
  stage: SwarmStage,
  node: Node,
  samples: readonly Sample[],
): Promise<ReadonlySet<string>> {
  for (const { metainfo } of samples) {
    const options: AddOptions = { source: { metainfo }, outputFolder: node.dataFolder };
    await node.engine.add(options).catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      return node.engine.add(options);
    });
  }
  const stopped = new Map<string, string>();
  const completed = (): Set<string> =>
    new Set(node.eventsOf('complete').map(({ infoHash }) => infoHash));
  await stage.until(() => {
    for (const { infoHash, code } of node.eventsOf('torrent-error')) stopped.set(infoHash, code);
    return new Set([...stopped.keys(), ...completed()]).size === samples.length;
  }, 120_000);
  // Only now: the others had to go on without.
  for (const [infoHash, code] of stopped)
    if (!PASSING_FAULTS.includes(code)) node.engine.torrent(infoHash)?.resume();
  await stage.until(() => completed().size === samples.length, 120_000);
  return new Set(stopped.keys());
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** Each torrent has its state or the former copy of it, and all that is there is whole. */
async function demandStates(stateFolder: string, count: number): Promise<void> {
  const folder = path.join(stateFolder, 'torrents');
  const names = (await readdir(folder)).filter((name) => /\.resume(\.old)?$/.test(name));
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name));
    const { isIntact } = decodeResume(new Uint8Array(bytes), name.slice(0, 40));
    if (!isIntact) throw new Error(`${name} has ${bytes.length} bytes and is damaged`);
  }
  const { size } = new Set(names.map((name) => name.slice(0, 40)));
  if (size !== count) throw new Error(`states of ${size} torrents, not of ${count}`);
}
