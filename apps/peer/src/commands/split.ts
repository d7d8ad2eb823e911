/** `shoal split`: cuts a file into a chunk folder. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { planSplit, splitFile } from '@shoal/chunk-store';
import {
  cleanText,
  ExitCode,
  explaining,
  formatByteSize,
  type OutputFlags,
  stoppable,
} from '@shoal/cli';
import { openOutputFolder } from '../output-folder.ts';
import { WorkLine } from '../work-line.ts';

export interface SplitFlags extends OutputFlags {
  readonly chunkLength?: number;
  readonly output?: string;
}

export function split([file]: readonly string[], flags: SplitFlags): Promise<ExitCode> {
  return stoppable(flags, async (reporter, signal) => {
    const line = new WorkLine('splitting', reporter);
    await explaining(file!, () => access(file!, constants.R_OK));
    await explaining('', () => planSplit(file!, flags.chunkLength));
    const outputFolder = await openOutputFolder(flags.output ?? `${file}.parts`);
    const { folder, chunkCount, manifest } = await explaining('', () =>
      splitFile(file!, {
        chunkLength: flags.chunkLength,
        outputFolder,
        onProgress: ({ doneLength, totalLength }) => line.update(doneLength, totalLength),
        signal,
      }),
    );
    const { chunkLength } = manifest;
    reporter.event('split', { folder, chunkCount, chunkLength });
    reporter.say(
      `${cleanText(folder)}: ${chunkCount} ${chunkCount === 1 ? 'chunk' : 'chunks'} of ${formatByteSize(chunkLength)}; shoal merge puts them together again`,
    );
    return ExitCode.done;
  });
}
