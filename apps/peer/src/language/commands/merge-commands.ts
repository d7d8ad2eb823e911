/** Chunk folders back into files: `/merge_chunks`, `/merge_all`. */
import { dirname, join } from 'node:path';
import { type ChunkManifest, makeFolder, mergeFolder, StoreError } from '@shoal/chunk-store';
import { formatNumberRanges, formatPercent } from '@shoal/cli';
import type { FileSnapshot, TorrentDetail } from '@shoal/engine';
import { mergedText } from '../../merged-text.ts';
import { type Answers, reporting, say, saySoFar } from '../answer.ts';
import { fileArgument } from '../arguments/file-argument.ts';
import { command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';

const ANSWERS =
  'the file that was written, or was there and right, after every hash was checked; names the missing chunks otherwise';

export const mergeChunks = command({
  name: 'merge_chunks',
  section: 'me',
  summary: 'writes a whole file from its chunks, if the torrent is kept as chunks',
  answers: ANSWERS,
  examples: ['/merge_chunks a.bin'],
  arguments: [fileArgument],
  async *run(context, file) {
    const { detail, folder, manifest } = await chunksOf(context);
    demandPieces(detail, file.path, file.firstPiece, file.lastPiece);
    const fileIndex = file.index;
    yield* merge(context, folder, { manifest, fileIndex, output: placeOf(detail, file) });
  },
});

export const mergeAll = command({
  name: 'merge_all',
  section: 'me',
  summary: 'writes all files of the torrent from their chunks',
  answers: ANSWERS,
  examples: ['/merge_all'],
  arguments: [],
  async *run(context) {
    const { detail, folder, manifest } = await chunksOf(context);
    demandPieces(detail, detail.name, 0, detail.pieceCount - 1);
    yield* merge(context, folder, { manifest, output: join(detail.outputFolder, manifest.name) });
  },
});

interface Merge {
  readonly manifest: ChunkManifest;
  readonly fileIndex?: number;
  readonly output: string;
}

async function* merge(context: CommandContext, folder: string, options: Merge): Answers {
  const { signal } = context;
  await makeFolder(dirname(options.output));
  try {
    const merged = yield* reporting((report) =>
      mergeFolder(folder, {
        ...options,
        signal,
        onProgress: ({ doneLength, totalLength }) => {
          const share = totalLength === 0 ? 1 : doneLength / totalLength;
          report(saySoFar(`merging ${formatPercent(share)}`, { doneLength, totalLength }));
        },
      }),
    );
    const { output, length, presentCount } = merged;
    yield say(mergedText(merged), { path: output, length, presentCount });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
    throw new CommandError('not-now', error.message, 'move it away', error);
  }
}

interface Chunks {
  readonly detail: TorrentDetail;
  readonly folder: string;
  readonly manifest: ChunkManifest;
}

/** @throws CommandError `not-now` when the torrent is kept as files, or its metadata is not here */
async function chunksOf(context: CommandContext): Promise<Chunks> {
  const detail = await context.content();
  const { storeKind, storeFolder, info } = context.torrent();
  if (storeKind !== 'chunks')
    throw new CommandError(
      'not-now',
      `${detail.name} is kept as whole files`,
      'there is nothing to merge',
    );
  const { name, layout, pieceHashes, files } = info!;
  const manifest = { name, chunkLength: layout.pieceLength, hashes: pieceHashes, files };
  return { detail, folder: storeFolder, manifest };
}

function demandPieces(detail: TorrentDetail, name: string, first: number, last: number): void {
  const missing: number[] = [];
  for (let index = first; index <= last; index++)
    if (!detail.pieces.has(index)) missing.push(index);
  if (missing.length === 0) return;
  throw new CommandError(
    'not-now',
    `${name} cannot be merged, ${missing.length === 1 ? 'a chunk is' : 'chunks are'} missing: ${formatNumberRanges(missing)}`,
    'wait until the download is complete',
  );
}

/** Where the file would lie if the torrent were kept as files. */
function placeOf({ outputFolder }: TorrentDetail, { path }: FileSnapshot): string {
  return join(outputFolder, ...path.split('/'));
}
