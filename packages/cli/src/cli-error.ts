/** An error that is ready to be shown: what was wrong, what to do, and the exit code. */
import type { ExitCode } from './exit-code.ts';

/** Thrown anywhere below `runMain`, which prints it as the last line on stderr. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** What was wrong: one sentence with its full stop. */
  readonly sentence: string;
  /** What to do about it: one sentence with its full stop, or empty when nothing helps. */
  readonly nextStep: string;

  constructor(
    exitCode: ExitCode,
    sentence: string,
    nextStep = '',
    options?: { readonly cause?: unknown },
  ) {
    super(
      nextStep === '' ? sentence : `${sentence} ${nextStep}`,
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.exitCode = exitCode;
    this.sentence = sentence;
    this.nextStep = nextStep;
  }
}
