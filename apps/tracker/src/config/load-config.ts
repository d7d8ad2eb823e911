/** The configuration as flags, environment and file make it together, and what is wrong with it. */
import { CliError, ExitCode } from '@shoal/cli';
import type { Command } from 'commander';
import type { TrackerFlags } from '../tracker-flags.ts';
import { applyConfig } from './apply-config.ts';
import { readConfigFile } from './read-config-file.ts';

/**
 * Flags win over the environment, that over the file of `--config`, that over the defaults.
 * @returns the faults of the file, a sentence each
 * @throws CliError when it cannot be read at all
 */
export async function loadConfig(program: Command): Promise<string[]> {
  const { config } = program.opts<TrackerFlags>();
  if (config === undefined) return [];
  return applyConfig(program, config, await readConfigFile(config));
}

/**
 * Says all faults: a line each on stderr, the last one as the error that ends the program.
 * @throws CliError unless there are none
 */
export function demandNone(faults: readonly string[]): void {
  const last = faults.at(-1);
  if (last === undefined) return;
  for (const fault of faults.slice(0, -1)) process.stderr.write(`shoal-tracker: ${fault}\n`);
  throw new CliError(ExitCode.badOption, last);
}
