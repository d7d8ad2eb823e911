/** `shoal merge`: puts a chunk folder back together, with every hash checked. */
import { access, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { mergeFolder } from '@shoal/chunk-store';
import { ExitCode, explaining, type OutputFlags, stoppable } from '@shoal/cli';
import { readChunkManifest } from '../chunk-manifest.ts';
import { mergedText } from '../merged-text.ts';
import { openOutputFolder } from '../output-folder.ts';
import { WorkLine } from '../work-line.ts';

export interface MergeFlags extends OutputFlags {
  readonly output?: string;
}

export function merge([folder]: readonly string[], flags: MergeFlags): Promise<ExitCode> {
  return stoppable(flags, async (reporter, signal) => {
    const line = new WorkLine('merging', reporter);
    await explaining(folder!, () => access(folder!));
    const manifest = await explaining(folder!, () => readChunkManifest(folder!));
    const target = await targetOf(folder!, flags.output, manifest.name);
    await openOutputFolder(dirname(target));
    const merged = await explaining('', () =>
      mergeFolder(folder!, {
        manifest,
        output: target,
        onProgress: ({ doneLength, totalLength }) => line.update(doneLength, totalLength),
        signal,
      }),
    );
    const { output, length, presentCount } = merged;
    reporter.event('merged', { path: output, length, presentCount });
    reporter.say(mergedText(merged));
    return ExitCode.done;
  });
}

/** `-o` may be a folder that is there: the file goes into it under its own name. */
async function targetOf(folder: string, output: string | undefined, name: string): Promise<string> {
  if (output === undefined) return join(dirname(resolve(folder)), name);
  const stats = await stat(output).catch(() => undefined);
  return stats?.isDirectory() ? join(output, name) : output;
}
