/** The create rows: a folder of 64 files of 16 MiB is hashed into a .torrent. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender, Row, Sample } from '../contender.ts';
import { timedRun } from '../process-cost.ts';
import { rivalCommand } from '../rivals.ts';
import { shoalProgram } from '../shoal-program.ts';
import { writeRandom } from '../transfer/payload.ts';

const FILE_COUNT = 64;
const FILE_LENGTH = 16 * 1024 * 1024;
const ROUNDS = 3;
const URL = 'http://127.0.0.1:6969/announce';

interface Creator {
  readonly name: string;
  /** What to run to make `out` from `folder`, in pieces of 1 MiB. */
  argv(folder: string, out: string): string[];
}

const shoal: Creator = {
  name: 'Shoal',
  argv: (folder, out) => [
    ...[...shoalProgram('shoal'), 'create', folder],
    ...['-t', URL, '-o', out, '--piece-length', '1M', '--quiet'],
  ],
};

const mktorrent: Creator = {
  name: 'mktorrent',
  argv: (folder, out) => ['mktorrent', '-l', '20', '-a', URL, '-o', out, folder],
};

const createTorrent: Creator = {
  name: 'create-torrent',
  argv: (folder, out) => [
    ...[process.execPath, rivalCommand('create-torrent'), folder],
    ...['--announce', URL, '--pieceLength', '1048576', '-o', out],
  ],
};

/** Rate in MiB/s; CPU in seconds. */
async function openCreator(creator: Creator, root: string): Promise<Contender> {
  const out = join(root, `${creator.name}.torrent`);
  return {
    name: creator.name,
    async measure(): Promise<Sample> {
      await rm(out, { force: true });
      const run = await timedRun(creator.argv(join(root, 'folder'), out));
      return {
        rate: (FILE_COUNT * FILE_LENGTH) / 1024 / 1024 / run.elapsedS,
        cpu: [run.cpuS],
        peakBytes: run.peakBytes,
      };
    },
    close: async () => {},
  };
}

/** Fills `root/folder`; the caller deletes `root`. */
export async function writeCreatePayload(root: string): Promise<void> {
  await mkdir(join(root, 'folder'));
  for (let n = 0; n < FILE_COUNT; n += 1) {
    await writeRandom(join(root, 'folder', `file-${n}.bin`), FILE_LENGTH);
  }
}

export function createRows(root: string): [rivalName: string, row: Row][] {
  return [mktorrent, createTorrent].map((rival) => [
    rival.name,
    {
      title: 'create, 1 GiB',
      unit: 'MiB/s',
      cpuUnit: 's',
      rounds: ROUNDS,
      ours: () => openCreator(shoal, root),
      theirs: () => openCreator(rival, root),
    },
  ]);
}
