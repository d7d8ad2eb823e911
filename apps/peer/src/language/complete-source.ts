/** What Tab does to a path that stands alone, not as a word of a command. */
import { sourceArgument } from './arguments/path-argument.ts';
import { CommandContext } from './command-context.ts';
import { type Completion, commonStart, startingWith } from './complete-line.ts';
import type { Host } from './host.ts';

/** Completes the path of a .torrent, or of a folder on the way to it. Nothing is quoted. */
export async function completeSource(host: Host, text: string): Promise<Completion> {
  const context = new CommandContext(host, undefined, new AbortController().signal);
  const fitting = startingWith(await sourceArgument.complete(context, text, []), text);
  if (fitting.length === 0) return { line: text, cursor: text.length, candidates: [] };
  const line = commonStart(fitting);
  const candidates = fitting.length === 1 ? [] : fitting.map((candidate) => candidate.text);
  return { line, cursor: line.length, candidates };
}
