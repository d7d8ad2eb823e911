/** A file of the torrent: its path, the end of its path, or its number. */
import type { FileSnapshot, TorrentDetail } from '@shoal/engine';
import { type Argument, type Candidate, oneWord } from '../argument.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';

export const fileArgument: Argument<FileSnapshot> = oneWord({
  usage: 'FILE',
  async read(word, context) {
    const { files } = await context.content();
    const numbered = /^\d{1,7}$/.test(word) ? Number(word) - 1 : undefined;
    return (
      findFile(files, word) ?? files.find(({ index }) => index === numbered) ?? refuseFile(word)
    );
  },
  complete: fileCandidates,
});

/**
 * The file whose path, or whose path without the torrent's folder, is `text`; else the only one
 * whose path ends so.
 * @returns undefined when there is none
 * @throws CommandError when several end so
 */
export function findFile(files: readonly FileSnapshot[], text: string): FileSnapshot | undefined {
  const exact = files.find(({ path }) => path === text || withoutFolder(path) === text);
  if (exact !== undefined) return exact;
  const ending = files.filter(({ path }) => path.endsWith(`/${text}`));
  if (ending.length < 2) return ending[0];
  throw new CommandError(
    'bad-argument',
    `"${text}" names ${ending.length} files`,
    `give more of the path, such as ${withoutFolder(ending[0]!.path)}`,
  );
}

/** @throws CommandError always */
export function refuseFile(text: string): never {
  throw new CommandError(
    'bad-argument',
    `There is no file "${text}"`,
    'see the files with /see_torrent_struct',
  );
}

export function fileCandidates(context: CommandContext): Candidate[] {
  const { files }: TorrentDetail = context.torrent().getDetail();
  return files.map(({ path }) => ({ text: withoutFolder(path) }));
}

function withoutFolder(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}
