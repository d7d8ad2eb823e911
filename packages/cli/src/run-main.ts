/** The frame around a program: exit code, last line on stderr, broken pipes, bugs. */
import { cleanText } from './clean-text.ts';
import { ExitCode } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import { explainUsage, isUsageError } from './program.ts';
import { redactSecrets } from './redact.ts';

/**
 * Runs a program and sets `process.exitCode`; an error is printed as the last line on stderr, one
 * sentence and the next step. The stack is printed before it with `--debug` or `SHOAL_DEBUG`.
 * @param name - begins that line
 * @param main - its number is the exit code, 0 when there is none
 */
export async function runMain(
  name: string,
  main: () => Promise<ExitCode | undefined>,
): Promise<void> {
  ignoreBrokenPipe(process.stdout);
  // What cannot be said there can be said nowhere.
  process.stderr.on('error', () => {});
  const handleBug = (error: unknown): void => {
    report(name, error);
    process.exit(ExitCode.error);
  };
  process.on('uncaughtException', handleBug);
  try {
    process.exitCode = (await main()) ?? ExitCode.done;
  } catch (error) {
    process.exitCode = report(name, error);
  } finally {
    process.off('uncaughtException', handleBug);
  }
}

/** Prints an error. @returns its exit code */
function report(name: string, error: unknown): ExitCode {
  const isUsage = isUsageError(error);
  const known = isUsage ? explainUsage(error, name) : explainError(error);
  if (isUsage && known === undefined) return ExitCode.done;
  if (wantsStack() && error instanceof Error) console.error(redactSecrets(error.stack ?? ''));
  const text = known?.message ?? describeBug(error);
  process.stderr.write(`${name}: ${cleanText(redactSecrets(text))}\n`);
  return known?.exitCode ?? ExitCode.error;
}

function describeBug(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `This is a fault in Shoal itself (${what}). Run it again with --debug and report the stack.`;
}

function wantsStack(): boolean {
  return process.argv.includes('--debug') || (process.env.SHOAL_DEBUG ?? '') !== '';
}

/** A reader that went away (`| head -1`) is no error: what is written afterwards is lost in silence. */
function ignoreBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
