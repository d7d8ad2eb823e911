/** The frame of a command that takes a while: what it reports to, and what stops it. */
import type { ExitCode } from './exit-code.ts';
import { type Reporter, reporting } from './reporter.ts';
import { listenForStop } from './stop-signal.ts';
import type { OutputFlags } from './swarm-flags.ts';

/**
 * Runs a command that a signal of the system (Ctrl-C) may stop.
 * @param nextStep - what the person who stopped it may do, one sentence
 */
export function stoppable(
  flags: OutputFlags,
  run: (reporter: Reporter, signal: AbortSignal) => Promise<ExitCode>,
  nextStep?: string,
): Promise<ExitCode> {
  return reporting(flags, async (reporter) => {
    const stop = listenForStop(nextStep);
    try {
      return await run(reporter, stop.signal);
    } finally {
      stop.dispose();
    }
  });
}
