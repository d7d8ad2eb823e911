/** Paths, and what `/add` takes beside them. */
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Argument, type Candidate, oneWord } from '../argument.ts';

/** Entries of one folder that are offered at most. */
const MAX_ENTRIES = 1000;
const NOT_A_PATH = /^(?:magnet:|https?:\/\/|[0-9a-f]{40}$)/i;

/** An absolute path; `~/` is the home folder. */
export const pathArgument: Argument<string> = oneWord({
  usage: 'PATH',
  read: (word, { host }) => absolute(word, host.folder),
  complete: ({ host }, partial) => entriesAt(partial, host.folder),
});

/** A magnet, an infohash or a URL as it is; anything else is an absolute path. */
export const sourceArgument: Argument<string> = oneWord({
  usage: 'TORRENT|MAGNET',
  read: (word, { host }) => (NOT_A_PATH.test(word) ? word : absolute(word, host.folder)),
  complete: ({ host }, partial) =>
    entriesAt(partial, host.folder, (name) => name.toLowerCase().endsWith('.torrent')),
});

function absolute(path: string, folder: string): string {
  return resolve(folder, path.replace(/^~(?=\/|$)/, homedir()));
}

/** What lies in the folder that `partial` is in; files only when `isWanted` says so. */
async function entriesAt(
  partial: string,
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): Promise<Candidate[]> {
  const slashAt = partial.lastIndexOf('/');
  const head = partial.slice(0, slashAt + 1);
  const showsHidden = partial.startsWith('.', slashAt + 1);
  const entries = await readdir(absolute(head, folder), { withFileTypes: true }).catch(
    () => [], // no such folder, or not ours to see: nothing to offer
  );
  return entries
    .filter(({ name }) => showsHidden || !name.startsWith('.'))
    .filter((entry) => entry.isDirectory() || isWanted(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MAX_ENTRIES)
    .map((entry) =>
      entry.isDirectory()
        ? { text: `${head}${entry.name}/`, isOpen: true }
        : { text: head + entry.name },
    );
}
