/** SIGINT, SIGTERM and SIGHUP as one AbortSignal: the first asks to stop, the second ends at once. */
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What of `process` is used. */
export interface SignalSource {
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  off(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

export interface StopSignal {
  /** Aborted at the first signal; its reason is a CliError with exit code 7. */
  readonly signal: AbortSignal;
  /** Gives the signals back to the system. */
  dispose(): void;
}

/**
 * Listens until `dispose`.
 * @param nextStep - what the person who stopped it may do, one sentence
 */
export function listenForStop(
  nextStep = 'Run it again to begin anew.',
  source: SignalSource = process,
): StopSignal {
  const controller = new AbortController();
  const handleSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) source.exit(ExitCode.stopped);
    controller.abort(
      new CliError(
        ExitCode.stopped,
        `Stopped by ${name} before everything was complete.`,
        nextStep,
      ),
    );
  };
  for (const name of SIGNALS) source.on(name, handleSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) source.off(name, handleSignal);
    },
  };
}
