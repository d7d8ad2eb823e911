/** Flags with their environment twins: `--down-limit` may also come from `SHOAL_DOWN_LIMIT`. */
import { InvalidArgumentError, Option } from 'commander';

/** Values of a twin that leave a flag without a value off. */
const OFF = new Set(['', '0', 'false', 'no', 'off']);

/** Reads the text of a flag. @throws InvalidArgumentError, which ends in exit code 28 */
export type FlagParser<T> = (text: string, previous: T | undefined) => T;

/**
 * A commander option with its twin. A flag without a value is set by any value of the twin but
 * an empty one, `0`, `false`, `no` and `off`.
 */
export function flag<T>(
  flags: string,
  description: string,
  parse?: FlagParser<T>,
  env: NodeJS.ProcessEnv = process.env,
): Option {
  const option = new Option(flags, description);
  if (parse !== undefined) option.argParser<T | undefined>(parse);
  const takesValue = option.required || option.optional;
  const twin = twinOf(option);
  if (takesValue || !OFF.has(env[twin]?.toLowerCase() ?? 'unset')) option.env(twin);
  return option;
}

/** The environment twin of a flag: `SHOAL_` and its long name. */
function twinOf(option: Option): string {
  return `SHOAL_${option.long!.replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`;
}

/** A flag that may be given more than once, or once with spaces between the values. */
export function repeatable(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...text.split(/\s+/).filter((part) => part !== '')];
}

/** Tracker URLs, repeatable. Only what a tracker can be reached by. */
export function trackerUrls(text: string, previous?: readonly string[]): readonly string[] {
  const urls = repeatable(text, previous);
  for (const url of urls)
    if (!/^(https?|udp|wss?):\/\/[^/]/i.test(url) || !URL.canParse(url))
      throw new InvalidArgumentError(
        'Write a URL such as http://tracker.example:6969/announce or udp://tracker.example:6969.',
      );
  return urls;
}

/** A port, 0..65535; 0 lets the system choose. */
export function parsePort(text: string): number {
  return parseWhole(text, 0, 65_535);
}

/** A number of at least 0, with or without a fraction. */
export function parseAmount(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Write a number from 0 up.');
  return value;
}

/** A whole number from `least` to `most`. */
export function parseWhole(text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  return value;
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new InvalidArgumentError(`Write one of ${words.join(', ')}.`);
    return word;
  };
}
