/** The command line of `shoal-seeder`. */
import {
  addSwarmFlags,
  ExitCode,
  flag,
  flagsOf,
  newProgram,
  parseLength,
  TRANSFER_HELP_END,
  withBareFlags,
} from '@shoal/cli';
import { seed } from './seed.ts';
import type { SeederFlags } from './seeder-flags.ts';
import { VERSION } from './version.ts';

/**
 * Runs one command line.
 * @param args - without node and script
 * @throws CliError, CommanderError
 */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const program = newProgram(
    'shoal-seeder',
    VERSION,
    'Seeds torrents without a screen.',
    TRANSFER_HELP_END,
  )
    .argument('<source...>', 'torrent files, or files and folders to make a torrent of')
    .addOption(flag('--data <dir>', 'where the files of the torrents lie (default: beside each)'))
    .addOption(flag('-o, --output <file>', 'the torrent that is made (default: PATH.torrent)'))
    .addOption(flag('--piece-length <size>', 'of the torrent that is made', parseLength))
    .addOption(flag('--private', 'make a torrent with peers only from its trackers'))
    .addOption(flag('--comment <text>', 'of the torrent that is made'));
  addSwarmFlags(program).action(async (sources: readonly string[]) => {
    exitCode = await seed(sources, flagsOf<SeederFlags>(program));
  });
  await program.parseAsync(withBareFlags(args), { from: 'user' });
  return exitCode;
}
