/** The command line of `shoal-tracker`. */
import { ExitCode, newProgram, Reporter, unknownWord } from '@shoal/cli';
import { checkFlags } from './config/check-flags.ts';
import { demandNone, loadConfig } from './config/load-config.ts';
import { unknownTwins } from './config/unknown-twins.ts';
import { serve } from './serve.ts';
import { addTrackerFlags, type TrackerFlags } from './tracker-flags.ts';
import { addUserCommands } from './users/user-commands.ts';
import { VERSION } from './version.ts';
import { runWorker } from './workers/run-worker.ts';
import { isWorker } from './workers/worker-protocol.ts';

const HELP_END = `
Every flag may come from the environment instead: --interval 900 is SHOAL_TRACKER_INTERVAL=900
(--debug is SHOAL_DEBUG). Flag over environment over --config over default.
Sizes: 256M, 1.5G (powers of 1024).
SIGHUP reads lists and certificate again; SIGINT and SIGTERM end the tracker.
Exit codes: 0 done, 1 error, 2 usage, 28 bad value of a flag.`;

/**
 * Runs one command line.
 * @param args - without node and script
 * @throws CliError, CommanderError
 */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const program = newProgram(
    'shoal-tracker',
    VERSION,
    'A BitTorrent tracker: HTTP, UDP and WebSocket on one set of swarms.',
    HELP_END,
  );
  addTrackerFlags(program.allowExcessArguments()).action(async () => {
    const [word] = program.args;
    if (word !== undefined) throw unknownWord(program, word);
    if (isWorker()) {
      exitCode = await runWorker();
      return;
    }
    const faults = await loadConfig(program);
    const flags = program.opts<TrackerFlags>();
    if (flags.checkConfig !== true) {
      demandNone(faults);
      exitCode = await serve(flags, unknownTwins(program, process.env));
      return;
    }
    const twins = unknownTwins(program, process.env);
    demandNone([...twins, ...faults, ...(await checkFlags(flags))]);
    new Reporter({ json: flags.json }).say('The configuration is good.');
  });
  addUserCommands(program, (code) => {
    exitCode = code;
  });
  await program.parseAsync([...args], { from: 'user' });
  return exitCode;
}
