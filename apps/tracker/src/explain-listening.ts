/** Why the tracker cannot listen, for people. */
import { CliError, ExitCode } from '@shoal/cli';
import { TrackerError } from '@shoal/tracker/server';

/**
 * @param flags - what says where to listen, such as `--http or --udp`
 * @returns a CliError for a TrackerError; anything else as it is
 */
export function explainListening(error: unknown, flags: string): unknown {
  if (!(error instanceof TrackerError)) return error;
  const next =
    error.code === 'port-taken'
      ? `End the program that has it, or give another port with ${flags} (0 takes a free one).`
      : `Give another address with ${flags}.`;
  const { message } = error;
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  return new CliError(ExitCode.error, sentence, next, { cause: error });
}
