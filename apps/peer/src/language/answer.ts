/** What a command answers. */

export interface Answer {
  /** `progress` is replaced by what comes next; a `line` stays. */
  readonly kind: 'line' | 'progress';
  /** One or more lines for a person; text from outside was cleaned. */
  readonly text: string;
  /** The same for a program. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a command gives while it runs. */
export type Answers = AsyncGenerator<Answer, void>;

/** An answer that stays. */
export function say(text: string, fields: Answer['fields'] = {}): Answer {
  return { kind: 'line', text, fields };
}

/** How far a command is. */
export function saySoFar(text: string, fields: Answer['fields'] = {}): Answer {
  return { kind: 'progress', text, fields };
}

/**
 * Runs work that reports by calls as answers that come one by one. Of progress that nobody took
 * yet, the latest is kept.
 * @returns what the work gives
 */
export async function* reporting<T>(
  work: (report: (answer: Answer) => void) => Promise<T>,
): AsyncGenerator<Answer, T> {
  const waiting: Answer[] = [];
  let wake = Promise.withResolvers<void>();
  let isOver = false;
  const done = work((answer) => {
    if (waiting.at(-1)?.kind === 'progress') waiting.pop();
    waiting.push(answer);
    wake.resolve();
  });
  void Promise.allSettled([done]).then(() => {
    isOver = true;
    wake.resolve();
  });
  for (;;) {
    const next = waiting.shift();
    if (next !== undefined) yield next;
    else if (isOver) return await done;
    else {
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  }
}
