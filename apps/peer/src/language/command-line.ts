/** A line of the language: `/name words --torrent NAME`. Pure. */
import { CommandError } from './command-error.ts';
import { splitWords } from './words.ts';

export interface CommandLine {
  /** Without the slash. */
  readonly name: string;
  readonly words: readonly string[];
  /** What `--torrent` says. */
  readonly torrent: string | undefined;
}

export const TORRENT_FLAG = '--torrent';

/** @throws CommandError `bad-line`, `bad-argument` */
export function parseCommandLine(line: string): CommandLine {
  const words = splitWords(line);
  if (words.at(-1)?.isUnfinished)
    throw new CommandError('bad-line', 'A quote or a backslash is open at the end', 'close it');
  const [first, ...rest] = words.map(({ text }) => text);
  if (first === undefined || !first.startsWith('/') || first === '/')
    throw new CommandError('bad-line', 'A command begins with /', 'see all of them with /help');
  const { words: own, torrent, isCut } = takeTorrentFlag(rest);
  if (isCut)
    throw new CommandError('bad-argument', `${TORRENT_FLAG} names nothing`, 'add a name after it');
  return { name: first.slice(1), words: own, torrent };
}

/** Parts `--torrent NAME` and `--torrent=NAME` from the other words; the last one holds. */
export function takeTorrentFlag(words: readonly string[]): {
  readonly words: readonly string[];
  readonly torrent: string | undefined;
  /** The flag is the last word, its value is missing. */
  readonly isCut: boolean;
} {
  const own: string[] = [];
  let torrent: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === TORRENT_FLAG) {
      torrent = words[++at];
      if (torrent === undefined) return { words: own, torrent, isCut: true };
    } else if (word.startsWith(`${TORRENT_FLAG}=`)) torrent = word.slice(TORRENT_FLAG.length + 1);
    else own.push(word);
  }
  return { words: own, torrent, isCut: false };
}
