/** Puts the values of a configuration file where no flag and no environment variable says otherwise. */
import { dirname, resolve } from 'node:path';
import { CliError } from '@shoal/cli';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { environmentName } from '../tracker-flag.ts';
import { whatWasMeant } from './what-was-meant.ts';

/** Flags that make no sense in the file itself. */
const NO_KEYS: ReadonlySet<string> = new Set(['config', 'check-config', 'debug', 'version']);

/** Values that are paths: they begin in the folder of the file. */
const PATH_PLACE = /<(?:file|folder|path)>/;

/**
 * Applies all of them; a key is the name of a flag without its dashes.
 * @param path - of the file: begins each sentence
 * @returns a sentence for each key that is unknown and each value that is none
 */
export function applyConfig(
  program: Command,
  path: string,
  values: ReadonlyMap<string, unknown>,
): string[] {
  const options = new Map(program.options.map((option) => [keyOf(option), option]));
  for (const key of NO_KEYS) options.delete(key);
  const faults: string[] = [];
  for (const [key, value] of values) {
    const option = options.get(key);
    if (option === undefined) faults.push(`${path}: ${explainUnknown(key, [...options.keys()])}`);
    else {
      const fault = applyValue(program, option, value, dirname(path));
      if (fault !== undefined) faults.push(`${path}: ${key}: ${fault}`);
    }
  }
  return faults;
}

/** @returns what is wrong with the value */
function applyValue(
  program: Command,
  option: Option,
  value: unknown,
  folder: string,
): string | undefined {
  try {
    const parsed = option.required ? parseValue(option, value, folder) : parseSwitch(value);
    const isFlag = program.getOptionValueSource(option.attributeName()) === 'cli';
    if (isFlag || environmentName(option) in process.env) return undefined;
    program.setOptionValueWithSource(option.attributeName(), parsed, 'config');
    return undefined;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error.message;
    if (error instanceof CliError) return error.nextStep;
    throw error;
  }
}

function parseValue(option: Option, value: unknown, folder: string): unknown {
  if (!Array.isArray(value)) return parseText(option, value, folder, undefined);
  let parsed: unknown;
  for (const item of value) {
    parsed = parseText(option, item, folder, parsed);
    if (!Array.isArray(parsed)) throw new InvalidArgumentError('Write one value, not a list.');
  }
  if (parsed === undefined)
    throw new InvalidArgumentError('The list is empty: leave the key out, or write a value.');
  return parsed;
}

function parseText(option: Option, value: unknown, folder: string, previous: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new InvalidArgumentError('Write a text in quotes or a number.');
  const text = PATH_PLACE.test(option.flags) ? resolve(folder, `${value}`) : `${value}`;
  return option.parseArg === undefined ? text : option.parseArg(text, previous);
}

function parseSwitch(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new InvalidArgumentError('Write true or false.');
  return value;
}

/** A flag that turns something off (`--no-x`) has the key of the thing. */
function keyOf(option: Option): string {
  return option.long!.replace(option.negate ? /^--no-/ : /^--/, '');
}

function explainUnknown(key: string, keys: readonly string[]): string {
  const next = whatWasMeant(key.toLowerCase().replaceAll('_', '-'), keys);
  return `There is no key ${JSON.stringify(key)}. ${next}`;
}
