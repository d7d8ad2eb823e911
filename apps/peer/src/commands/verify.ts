/** `shoal verify`: hashes what lies in a folder and says which pieces are good. */
import { FileStore, partFileName } from '@shoal/chunk-store';
import {
  CliError,
  cleanText,
  ExitCode,
  explaining,
  formatNumberRanges,
  type OutputFlags,
  stoppable,
  torrentRoot,
} from '@shoal/cli';
import type { Info } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';
import { checkPieces, type PieceCheck } from '../check-pieces.ts';
import { readTorrent, refuseUrl } from '../read-torrent.ts';
import { WorkLine } from '../work-line.ts';

export function verify(
  [torrent, folder]: readonly string[],
  flags: OutputFlags,
): Promise<ExitCode> {
  return stoppable(flags, async (reporter, signal) => {
    refuseUrl(torrent!, 'shoal verify reads torrent files on this disk');
    const { info } = await readTorrent(torrent!);
    const root = await torrentRoot(folder!, info.name);
    const infoHash = idToHex(info.infoHash);
    const store = new FileStore({
      root,
      files: info.files,
      chunkLength: info.layout.pieceLength,
      partFile: partFileName(infoHash),
    });
    const line = new WorkLine('hashing', reporter);
    try {
      const check = await explaining(root, () =>
        checkPieces(info, store, {
          signal,
          onProgress: ({ doneLength, totalLength }) => line.update(doneLength, totalLength),
        }),
      );
      reporter.event('verified', {
        infoHash,
        name: info.name,
        pieceCount: info.layout.pieceCount,
        goodCount: check.good.length,
        bad: check.bad,
        missing: check.missing,
      });
      reporter.say(describe(info, check));
      if (check.good.length === info.layout.pieceCount) return ExitCode.done;
      throw new CliError(
        ExitCode.error,
        `${check.bad.length + check.missing.length} of ${info.layout.pieceCount} pieces are bad or missing in ${cleanText(root)}.`,
        'Fetch them with shoal get and the same folder.',
      );
    } finally {
      await store.close();
    }
  });
}

function describe(info: Info, check: PieceCheck): string {
  const lines = [
    `${cleanText(info.name)}: ${check.good.length} of ${info.layout.pieceCount} pieces good, ${check.bad.length} bad, ${check.missing.length} missing`,
  ];
  for (const kind of ['good', 'bad', 'missing'] as const)
    if (check[kind].length > 0) lines.push(`${kind.padEnd(8)}${formatNumberRanges(check[kind])}`);
  return lines.join('\n');
}
