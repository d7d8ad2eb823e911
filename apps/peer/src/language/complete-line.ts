/** What Tab does to a line of the command language. */
import type { Candidate } from './argument.ts';
import { CommandContext } from './command-context.ts';
import { CommandError } from './command-error.ts';
import { TORRENT_FLAG, takeTorrentFlag } from './command-line.ts';
import type { Host } from './host.ts';
import { COMMANDS, findCommand } from './registry.ts';
import { quoteOpenWord, quoteWord, splitWords } from './words.ts';

/** Words offered at most. */
const MAX_CANDIDATES = 200;

export interface Completion {
  /** The line with as much filled in as is certain. */
  readonly line: string;
  /** UTF-16 offset, behind what was filled in. */
  readonly cursor: number;
  /** What else may stand there, to be shown; empty when the word is whole or nothing fits. */
  readonly candidates: readonly string[];
}

/** Completes the word before the cursor; what stands behind the cursor stays. */
export async function completeLine(host: Host, line: string, cursor: number): Promise<Completion> {
  const head = line.slice(0, cursor);
  const { before, partial, start } = atCursor(head);
  const all = await offers(host, before, partial);
  const fitting = startingWith(all, partial).slice(0, MAX_CANDIDATES);
  if (fitting.length === 0) return { line, cursor, candidates: [] };
  const [only] = fitting;
  const tail = line.slice(cursor);
  const word = fitting.length === 1 ? whole(only!, tail) : quoteOpenWord(commonStart(fitting));
  const filled = line.slice(0, start) + word;
  return {
    line: filled + tail,
    cursor: filled.length,
    candidates: fitting.length === 1 ? [] : fitting.map(({ text }) => text),
  };
}

interface AtCursor {
  readonly before: readonly string[];
  readonly partial: string;
  /** Where the word that is being typed begins. */
  readonly start: number;
}

function atCursor(head: string): AtCursor {
  const words = splitWords(head);
  const last = words.at(-1);
  const isTyping = last !== undefined && (last.isUnfinished || !/\s$/.test(head));
  const before = (isTyping ? words.slice(0, -1) : words).map(({ text }) => text);
  return isTyping
    ? { before, partial: last.text, start: last.start }
    : { before, partial: '', start: head.length };
}

async function offers(
  host: Host,
  [first, ...words]: readonly string[],
  partial: string,
): Promise<readonly Candidate[]> {
  if (first === undefined) return COMMANDS.map(({ name }) => ({ text: `/${name}` }));
  if (words.at(-1) === TORRENT_FLAG) return torrentNames(host);
  const command = first.startsWith('/') ? findCommand(first.slice(1)) : undefined;
  if (command === undefined) return [];
  if (partial.startsWith('-')) return [{ text: TORRENT_FLAG }];
  const { words: own, torrent } = takeTorrentFlag(words);
  const context = new CommandContext(host, torrent, new AbortController().signal);
  try {
    return await command.complete(context, own, partial);
  } catch (error) {
    if (error instanceof CommandError) return []; // no torrent whose words could be offered
    throw error;
  }
}

function torrentNames({ engine }: Host): Candidate[] {
  return engine.getSnapshot().torrents.map(({ name }) => ({ text: name }));
}

/** Those that begin so; if none does, those that begin so but for capitals. */
export function startingWith(all: readonly Candidate[], partial: string): readonly Candidate[] {
  const exact = all.filter(({ text }) => text.startsWith(partial));
  if (exact.length > 0) return exact;
  const lower = partial.toLowerCase();
  return all.filter(({ text }) => text.toLowerCase().startsWith(lower));
}

function whole({ text, isOpen }: Candidate, tail: string): string {
  if (isOpen) return quoteOpenWord(text);
  return quoteWord(text) + (/^\s/.test(tail) ? '' : ' ');
}

/** What all of them begin with; at least one. */
export function commonStart(candidates: readonly Candidate[]): string {
  let start = candidates[0]!.text;
  for (const { text } of candidates) while (!text.startsWith(start)) start = start.slice(0, -1);
  return start.toWellFormed() === start ? start : start.slice(0, -1);
}
