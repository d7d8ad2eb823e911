/** A commander program that throws instead of printing, so that `runMain` has the last word. */
import { Command, CommanderError, type Option } from 'commander';
import { capitalise } from './capitalise.ts';
import { cleanText } from './clean-text.ts';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';
import { flag } from './flag.ts';
import { nearestName } from './nearest-name.ts';

/** Ends the help of programs that move torrents. */
export const TRANSFER_HELP_END = `
Every flag may come from the environment instead: --seed-time 5 is SHOAL_SEED_TIME=5.
Sizes and rates: 256K, 5M, 1.5G (powers of 1024).
Exit codes: 0 done, 1 error, 2 usage, 7 stopped, 9 disk full, 25 bad bencode, 26 bad torrent,
27 bad magnet, 28 bad value of a flag.`;

/**
 * A command with help, version and `--debug`. Its own flags stand before a subcommand.
 * @param helpEnd - what stands below all flags: the environment, sizes, exit codes
 */
export function newProgram(
  name: string,
  version: string,
  description: string,
  helpEnd: string,
): Command {
  return new Command(name)
    .description(description)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addOption(flag('--debug', 'print the stack of an error'))
    .enablePositionalOptions()
    .configureHelp({ optionDescription: describe })
    .addHelpText('afterAll', helpEnd)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}

/** What a flag does, and its default if it has one. */
function describe({ description, defaultValue, defaultValueDescription }: Option): string {
  const text = defaultValueDescription ?? defaultValue;
  return text === undefined ? description : `${description} (default: ${text})`;
}

/**
 * A subcommand with `--debug`.
 * @param usage - name and arguments, such as `show <torrent>`
 */
export function subcommand(program: Command, usage: string, description: string): Command {
  const command = program
    .command(usage)
    .description(description)
    .addOption(flag('--debug', 'print the stack of an error'));
  return command.exitOverride((error) => {
    throw Object.assign(error, { helpOf: `${program.name()} ${command.name()}` });
  });
}

/**
 * The complaint about a word in a command's place.
 * @param also - what else the word could have been: ` or file`
 */
export function unknownWord(program: Command, word: string, also = ''): CliError {
  const near = nearestName(
    word,
    program.commands.map((command) => command.name()),
  );
  return new CliError(
    also === '' ? ExitCode.usage : ExitCode.error,
    `There is no command${also} ${cleanText(word, 300)}.`,
    near === undefined
      ? `Run ${program.name()} --help for the commands.`
      : `Perhaps ${program.name()} ${near} was meant.`,
  );
}

/**
 * The flags of a subcommand, and those of the same name given before it (`shoal -o DIR get ...`);
 * what stands behind it wins.
 */
export function flagsOf<T extends object>(command: Command): T {
  const flags: Record<string, unknown> = command.opts();
  const parent = command.parent;
  if (parent === null) return flags as T;
  for (const [name, value] of Object.entries(parent.opts())) {
    const isGiven = parent.getOptionValueSource(name) === 'cli';
    if (isGiven && command.getOptionValueSource(name) !== 'cli') flags[name] = value;
  }
  return flags as T;
}

/**
 * Commander's error as ours.
 * @returns undefined when it was no error: help or version was printed
 */
export function explainUsage(error: CommanderError, name: string): CliError | undefined {
  if (error.exitCode === 0) return undefined;
  const text = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  if (error.code === 'commander.invalidArgument') {
    const [what, next] = splitAt(text, ' is invalid. ');
    return new CliError(ExitCode.badOption, `${capitalise(what)} is invalid.`, next);
  }
  const { helpOf = name } = error as { helpOf?: string };
  const next = `Run ${helpOf} --help for ${helpOf === name ? 'the commands and' : 'its'} flags.`;
  if (error.code === 'commander.help') return new CliError(ExitCode.usage, 'No command.', next);
  const sentence = capitalise(text.replace(/\.?$/, '.'));
  return new CliError(ExitCode.usage, sentence, next);
}

/** Whether commander threw it. */
export function isUsageError(error: unknown): error is CommanderError {
  return error instanceof CommanderError;
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
