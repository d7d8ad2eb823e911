/** What a command says, in the form its flags ask for: lines for people, or JSON for machines. */
import { cleanText } from './clean-text.ts';
import { ExitCode } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import { JsonLines, type TextSink } from './json-lines.ts';
import { redactSecrets } from './redact.ts';
import { StatusLine } from './status-line.ts';

export interface ReporterOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly stdout?: TextSink;
  readonly stderr?: TextSink;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** What is said of an engine as a whole: by a Reporter, or on a screen. */
export type Teller = Pick<Reporter, 'event' | 'note' | 'log'>;

/**
 * Results go to stdout; progress and warnings to stderr, so that results can be piped on.
 * With `--json` stdout has events alone; with `--quiet` there are results and errors alone.
 */
export class Reporter {
  readonly isJson: boolean;
  readonly #quiet: boolean;
  readonly #stdout: TextSink;
  readonly #json: JsonLines;
  readonly #status: StatusLine;

  constructor(options: ReporterOptions = {}) {
    this.isJson = options.json === true;
    this.#quiet = options.quiet === true;
    this.#stdout = options.stdout ?? process.stdout;
    this.#json = new JsonLines(this.#stdout);
    const nowMs = options.nowMs ?? (() => performance.now());
    this.#status = new StatusLine(options.stderr ?? process.stderr, nowMs);
  }

  /** A fact for machines. People do not see it. */
  event(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (this.isJson) this.#json.write(event, fields);
  }

  /** A result for people. Text from outside must have been cleaned. */
  say(text: string): void {
    if (this.isJson) return;
    this.#status.clear();
    this.#stdout.write(`${text}\n`);
  }

  /** Something worth a line that is no result; cleaned and without secrets. */
  note(text: string): void {
    if (!this.#quiet && !this.isJson) this.#status.print(cleanText(redactSecrets(text)));
  }

  /** Something that went wrong but ends nothing; cleaned and without secrets. */
  warn(text: string): void {
    if (!this.#quiet) this.#status.print(cleanText(redactSecrets(text)));
  }

  /** A line of a log that was asked for; cleaned and without secrets already. */
  log(line: string): void {
    this.#status.print(line);
  }

  /** How far things are. @param line - called only when it is shown */
  progress(line: (width: number) => string): void {
    if (!this.#quiet && !this.isJson) this.#status.update(line);
  }

  /** Takes the progress line away: before the last words. */
  end(): void {
    this.#status.clear();
  }
}

/**
 * Runs a command with a reporter of its own: an error is also an `error` event, and no progress
 * line is left on the terminal.
 */
export async function reporting<T>(
  options: ReporterOptions,
  command: (reporter: Reporter) => Promise<T>,
): Promise<T> {
  const reporter = new Reporter(options);
  try {
    return await command(reporter);
  } catch (error) {
    const known = explainError(error);
    const message = redactSecrets(known?.message ?? String(error));
    reporter.event('error', { exitCode: known?.exitCode ?? ExitCode.error, message });
    throw error;
  } finally {
    reporter.end();
  }
}
