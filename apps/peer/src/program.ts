/** The command line of `shoal`: which words and flags lead to which command. */
import { stat } from 'node:fs/promises';
import { systemCode } from '@shoal/chunk-store';
import {
  addOutputFlags,
  ExitCode,
  flag,
  flagsOf,
  newProgram,
  parseLength,
  repeatable,
  subcommand,
  TRANSFER_HELP_END,
  trackerUrls,
  unknownWord,
  withBareFlags,
} from '@shoal/cli';
import type { Command } from 'commander';
import { addExamples } from './examples.ts';
import { addPeerFlags } from './peer-flags.ts';
import { VERSION } from './version.ts';

/**
 * Runs one command line.
 * @param args - without node and script
 * @throws CliError, CommanderError
 */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  await program.parseAsync(withBareFlags(args), { from: 'user' });
  return exitCode;
}

/** What every command is: its arguments, then its flags. */
type Run<Flags> = (args: readonly string[], flags: Flags) => Promise<ExitCode>;

function buildProgram(end: (code: ExitCode) => void): Command {
  const program = newProgram(
    'shoal',
    VERSION,
    'A BitTorrent peer for the terminal.',
    TRANSFER_HELP_END,
  );
  /**
   * Loads a command when it is run: `show` need not wait for the engine, nor `get` for the screen.
   * Commander calls with each argument, then the flags, then the command.
   */
  const running =
    <Flags extends object>(load: () => Promise<Run<Flags>>) =>
    async (...call: unknown[]) => {
      const run = await load();
      const command = call.at(-1) as Command;
      const words = call.slice(0, -2).flat() as string[];
      if (command === program) await refuseSlip(program, words[0]);
      end(await run(words, flagsOf<Flags>(command)));
    };

  addPeerFlags(
    program
      .argument('[source...]', 'torrent files, magnets, or folders of torrent files to add')
      .addOption(flag('--commands <file>', 'run its commands (-: standard input), no screen')),
  ).action(running(async () => (await import('./commands/tui.ts')).tui));

  addPeerFlags(
    subcommand(program, 'get <source...>', 'download without a screen, and end when complete'),
  ).action(running(async () => (await import('./commands/get.ts')).get));

  addOutputFlags(
    subcommand(program, 'create <path>', 'make a torrent of a file or folder')
      .addOption(flag('-t, --tracker <url>', 'announce URL (repeatable)', trackerUrls))
      .addOption(flag('-o, --output <file>', 'the torrent (default: NAME.torrent here)'))
      .addOption(flag('--piece-length <size>', 'such as 256K (default: by size)', parseLength))
      .addOption(flag('--private', 'peers only from its trackers'))
      .addOption(flag('--comment <text>', 'for people'))
      .addOption(flag('--source <text>', 'makes the infohash differ for another tracker'))
      .addOption(
        flag('--web-seed <url>', 'HTTP server that has the files (repeatable)', repeatable),
      )
      .addOption(flag('--name <text>', 'instead of the name of the path'))
      .addOption(flag('--hidden', 'also what begins with a dot'))
      .addOption(flag('--links', 'also what links lead to inside the folder'))
      .addOption(flag('-f, --force', 'replace the torrent if it is there already')),
  ).action(running(async () => (await import('./commands/create.ts')).create));

  addOutputFlags(
    subcommand(program, 'show <source>', 'print what a torrent file or magnet says'),
  ).action(running(async () => (await import('./commands/show.ts')).show));

  addOutputFlags(
    subcommand(
      program,
      'verify <torrent> <dir>',
      'hash what lies in DIR and say which pieces are good',
    ),
  ).action(running(async () => (await import('./commands/verify.ts')).verify));

  addOutputFlags(
    subcommand(program, 'split <file>', 'cut a file into a chunk folder')
      .addOption(flag('--chunk-length <size>', 'such as 256K (default: 1M)', parseLength))
      .addOption(flag('-o, --output <dir>', 'the folder (default: FILE.parts)')),
  ).action(running(async () => (await import('./commands/split.ts')).split));

  addOutputFlags(
    subcommand(program, 'merge <dir>', 'put a chunk folder back together').addOption(
      flag('-o, --output <file>', 'the file (default: its own name beside DIR)'),
    ),
  ).action(running(async () => (await import('./commands/merge.ts')).merge));

  addExamples(program);
  return program;
}

/** A bare word is a file's name seldom: where there is none, a command was meant. @throws CliError */
async function refuseSlip(program: Command, word: string | undefined): Promise<void> {
  if (word === undefined || !/^[a-z]{1,12}$/i.test(word)) return;
  await stat(word).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') throw unknownWord(program, word, ' or file');
  });
}
