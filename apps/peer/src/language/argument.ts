/** What commands take: words of a line read as a type. */
import type { CommandContext } from './command-context.ts';

/** What may stand where the cursor is. */
export interface Candidate {
  /** The whole word, not quoted. */
  readonly text: string;
  /** More of the same word may follow: a folder. */
  readonly isOpen?: boolean;
}

export interface Argument<T> {
  /** As the help writes it: `IP PORT`, `[URL]`. */
  readonly usage: string;
  readonly isOptional?: boolean;
  /** How many of these words, from the first on, are its own. */
  take(words: readonly string[]): number;
  /**
   * @param words - those it took; none only when it is optional
   * @throws CommandError `bad-argument`
   */
  read(words: readonly string[], context: CommandContext): T | Promise<T>;
  /** @param before - the words of this argument before the one that is being typed */
  complete(
    context: CommandContext,
    partial: string,
    before: readonly string[],
  ): readonly Candidate[] | Promise<readonly Candidate[]>;
}

export type Values<A extends readonly Argument<unknown>[]> = {
  -readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};

interface WordSpec<T> {
  readonly usage: string;
  read(word: string, context: CommandContext): T | Promise<T>;
  complete?(
    context: CommandContext,
    partial: string,
  ): readonly Candidate[] | Promise<readonly Candidate[]>;
}

/** An argument of one word. */
export function oneWord<T>(spec: WordSpec<T>): Argument<T> {
  return {
    usage: spec.usage,
    take: (words) => Math.min(1, words.length),
    read: ([word], context) => spec.read(word!, context),
    complete: (context, partial) => spec.complete?.(context, partial) ?? [],
  };
}

/** One that may be left out. */
export function optional<T>(argument: Argument<T>): Argument<T | undefined> {
  return {
    ...argument,
    usage: `[${argument.usage}]`,
    isOptional: true,
    read: (words, context) => (words.length === 0 ? undefined : argument.read(words, context)),
  };
}

/** As many as there are, also none. */
export function many<T>(argument: Argument<T>): Argument<readonly T[]> {
  return {
    usage: `[${argument.usage}...]`,
    isOptional: true,
    take: (words) => words.length,
    async read(words, context) {
      const values: T[] = [];
      for (const word of words) values.push(await argument.read([word], context));
      return values;
    },
    complete: (context, partial) => argument.complete(context, partial, []),
  };
}
