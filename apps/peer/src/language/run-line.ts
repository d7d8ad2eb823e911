/** Runs one line of the command language. */
import type { Answers } from './answer.ts';
import { CommandContext } from './command-context.ts';
import { CommandError } from './command-error.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { explain } from './explain.ts';
import type { Host } from './host.ts';
import { findCommand, nearestCommand } from './registry.ts';

/**
 * @param signal - gives the command up
 * @throws CommandError, in the midst of the answers too; anything else is a bug
 */
export async function* runLine(
  host: Host,
  line: string,
  signal: AbortSignal = new AbortController().signal,
): Answers {
  try {
    const { name, words, torrent }: CommandLine = parseCommandLine(line);
    const command = findCommand(name);
    if (command === undefined) throw unknown(name);
    yield* command.run(new CommandContext(host, torrent, signal), words);
  } catch (error) {
    throw explain(error, signal) ?? error;
  }
}

function unknown(name: string): CommandError {
  const near = nearestCommand(name);
  const nextStep = near === undefined ? 'see all of them with /help' : `perhaps /${near} was meant`;
  return new CommandError('unknown-command', `There is no command /${name}`, nextStep);
}
