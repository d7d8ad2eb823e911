/** The language as a screen uses it: run, complete, earlier lines. */
import type { Answer } from './answer.ts';
import { CommandError } from './command-error.ts';
import { type Completion, completeLine } from './complete-line.ts';
import type { HistoryFile } from './history-file.ts';
import type { ProgramHost } from './program-host.ts';
import { runLine } from './run-line.ts';

/** What a command said in the end. */
export interface PromptAnswer {
  /** Clean lines; the sentence of the error when it failed. */
  readonly lines: readonly string[];
  readonly isError: boolean;
}

export interface RunOptions {
  /** Hex infohash of the torrent on the screen. */
  readonly inView: string | undefined;
  /** Gives the command up. */
  readonly signal: AbortSignal;
  /** Called with each answer as it comes, progress too. */
  readonly onAnswer?: (answer: Answer) => void;
}

export class Prompt {
  readonly #host: ProgramHost;
  readonly #file: HistoryFile;

  constructor(host: ProgramHost, file: HistoryFile) {
    this.#host = host;
    this.#file = file;
  }

  /** Keeps the line in the history and runs it. What is no CommandError is thrown: a bug. */
  async run(line: string, { inView, signal, onAnswer }: RunOptions): Promise<PromptAnswer> {
    this.#file.add(line);
    this.#host.view(inView);
    const texts: string[] = [];
    try {
      for await (const answer of runLine(this.#host, line, signal)) {
        onAnswer?.(answer);
        if (answer.kind === 'line') texts.push(answer.text);
      }
      return { lines: texts.join('\n').split('\n'), isError: false };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { lines: [error.message], isError: true };
    }
  }

  /** What Tab makes of the line. */
  complete(line: string, cursor: number, inView: string | undefined): Promise<Completion> {
    this.#host.view(inView);
    return completeLine(this.#host, line, cursor);
  }

  /** Arrow up. @param current - what stands in the prompt */
  older(current: string): string {
    return this.#file.history.older(current);
  }

  /** Arrow down. */
  newer(current: string): string {
    return this.#file.history.newer(current);
  }
}
