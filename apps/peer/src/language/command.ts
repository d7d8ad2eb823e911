/** A command of the language: what it is called, what it takes, what it says, what it does. */
import type { Answers } from './answer.ts';
import type { Argument, Candidate, Values } from './argument.ts';
import type { CommandContext } from './command-context.ts';
import { CommandError } from './command-error.ts';

/** The chapters of the help, in order. */
export const SECTIONS = {
  tracker: 'Peer and tracker',
  peers: 'Peer and peer',
  me: 'This peer',
  torrents: 'Torrents',
} as const;
export type Section = keyof typeof SECTIONS;

/** What the help says of it. */
interface Described {
  /** Without the slash. */
  readonly name: string;
  readonly section: Section;
  /** What it does: begins with a verb, no full stop. */
  readonly summary: string;
  /** What it answers, likewise for people. */
  readonly answers: string;
  readonly examples: readonly string[];
}

export interface Command extends Described {
  /** `/ping IP PORT` */
  readonly usage: string;
  readonly arguments: readonly Argument<unknown>[];
  /** Reads the words, then runs. @throws CommandError and the errors of the packages */
  run(context: CommandContext, words: readonly string[]): Answers;
  /** What the word after `words` may be. */
  complete(
    context: CommandContext,
    words: readonly string[],
    partial: string,
  ): Promise<readonly Candidate[]>;
}

interface CommandSpec<A extends readonly Argument<unknown>[]> extends Described {
  readonly arguments: A;
  run(context: CommandContext, ...values: Values<A>): Answers;
}

/** Makes a command of its parts: `run` gets each argument as its type. */
export function command<const A extends readonly Argument<unknown>[]>(
  spec: CommandSpec<A>,
): Command {
  const usage = [`/${spec.name}`, ...spec.arguments.map((argument) => argument.usage)].join(' ');
  return {
    ...spec,
    usage,
    async *run(context, words) {
      const shares = shareOut(spec.arguments, words);
      const values: unknown[] = [];
      for (const [at, argument] of spec.arguments.entries()) {
        const own = shares[at]!;
        if (own.length === 0 && !argument.isOptional) throw missing(spec.name, argument, usage);
        values.push(await argument.read(own, context));
      }
      const spare = words[shares.flat().length];
      if (spare !== undefined)
        throw new CommandError('bad-argument', `"${spare}" is too much`, `write ${usage}`);
      yield* spec.run(context, ...(values as Values<A>));
    },
    async complete(context, words, partial) {
      const shares = shareOut(spec.arguments, [...words, partial]);
      let from = 0;
      for (const [at, own] of shares.entries()) {
        const isLast = from + own.length > words.length;
        if (isLast) return spec.arguments[at]!.complete(context, partial, own.slice(0, -1));
        from += own.length;
      }
      return [];
    },
  };
}

/** The words of each argument. */
function shareOut(
  all: readonly Argument<unknown>[],
  words: readonly string[],
): (readonly string[])[] {
  let rest = words;
  return all.map((argument) => {
    const count = argument.take(rest);
    const own = rest.slice(0, count);
    rest = rest.slice(count);
    return own;
  });
}

function missing(name: string, { usage }: Argument<unknown>, whole: string): CommandError {
  return new CommandError('bad-argument', `/${name} needs ${usage}`, `write ${whole}`);
}
