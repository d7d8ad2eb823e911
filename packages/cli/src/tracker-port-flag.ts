/** `--serve-tracker [PORT]`: a flag whose value may be left out before a name. Pure. */
import { parsePort } from './flag.ts';

const FLAG = '--serve-tracker';
const DEFAULT_PORT = 6_969;
const VALUE = /^(?:\d+|off)$/;

/**
 * Reads its value.
 * @returns a port, 0 for any free one; `off` serves not even the torrents that name this machine
 * @throws InvalidArgumentError
 */
export function parseTrackerPort(text: string): number | 'off' {
  const word = text.toLowerCase();
  if (word === 'off' || word === 'no' || word === 'false') return 'off';
  return word === 'on' || word === 'yes' || word === 'true' ? DEFAULT_PORT : parsePort(text);
}

/**
 * Gives the flag its default where no port follows: in `--serve-tracker movie.torrent` the word
 * behind it is no port, though commander would take it for one.
 * @param args - a command line
 */
export function withBareFlags(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, at) => {
    const isBare = arg === FLAG && !VALUE.test(args[at + 1] ?? '') && (end < 0 || at < end);
    return isBare ? `${FLAG}=${DEFAULT_PORT}` : arg;
  });
}
