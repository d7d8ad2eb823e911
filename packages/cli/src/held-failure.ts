/** The failure that may be the last: the program's last line would say the same again. */
import type { CliError } from './cli-error.ts';
import type { Reporter } from './reporter.ts';

/** Holds the newest failure back until it is known whether it ends the program. */
export class HeldFailure {
  readonly #reporter: Reporter;
  #held: CliError | undefined;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Left to the last line so far: people have not heard of it. */
  get last(): CliError | undefined {
    return this.#held;
  }

  /** The one held before ended nothing: it is told. */
  hold(failure: CliError): void {
    this.tell();
    this.#held = failure;
  }

  /** A line for people, as it goes on; with `--json` the event has said it. */
  tell(): void {
    if (this.#held !== undefined && !this.#reporter.isJson) this.#reporter.warn(this.#held.message);
    this.#held = undefined;
  }
}
