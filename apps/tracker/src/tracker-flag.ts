/** One flag of `shoal-tracker` and its environment twin. */
import { flag } from '@shoal/cli';
import type { Option } from 'commander';

/** Values of a twin that leave a flag without a value off. */
const OFF = /^(?:|0|false|no|off)$/i;

/** The environment variable that stands for a flag. */
export function environmentName(option: Option): string {
  return `SHOAL_TRACKER_${option.long!.replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`;
}

/** A flag, which may come from its environment variable too. */
export function trackerFlag<T>(
  flags: string,
  description: string,
  parse?: (text: string, previous?: T) => T,
): Option {
  const option = flag(flags, description, parse);
  const name = environmentName(option);
  const isOff = !option.required && OFF.test(process.env[name] ?? 'unset');
  if (isOff) delete option.envVar;
  else option.env(name);
  return option;
}
