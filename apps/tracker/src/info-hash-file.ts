/** Lists of torrents for `--allow` and `--deny`. */
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import { type InfoHashTable, InfoHashTableBuilder } from '@shoal/tracker/server';
import { hexToInfoHash } from '@shoal/units';
import { systemRandom } from './adapters.ts';

const HEX_LENGTH = 40;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Read in one turn of the event loop: in a millisecond or less. */
const LINES_A_TURN = 1_024;

/**
 * Reads a file with an infohash a line, as 40 hex digits; what follows `#` is a comment. Requests are
 * answered meanwhile, however long it is.
 * @throws CliError when it cannot be read, or with the number of the line that is no infohash
 */
export async function readInfoHashFile(path: string): Promise<InfoHashTable> {
  const text = await explaining(path, () => readFile(path));
  const table = new InfoHashTableBuilder(Math.ceil(text.length / HEX_LENGTH), systemRandom);
  const infoHash = new Uint8Array(HEX_LENGTH / 2);
  let lineNumber = 0;
  for (let at = 0; at < text.length; ) {
    const lineFeed = text.indexOf(LINE_FEED, at);
    const end = lineFeed === -1 ? text.length : lineFeed;
    lineNumber++;
    if (readDigits(text, at, end, infoHash)) table.add(infoHash);
    else {
      const found = readLine(text.subarray(at, end));
      if (found === undefined)
        throw new CliError(
          ExitCode.badOption,
          `${path}: line ${lineNumber} is no infohash.`,
          'Write 40 hex digits a line; a comment begins with #.',
        );
      if (found !== 'none') table.add(found);
    }
    at = end + 1;
    if (lineNumber % LINES_A_TURN === 0) await nextTurn();
  }
  return table.finish();
}

/** What each byte is worth as a hex digit; -1 for one that is none. */
const DIGITS = new Int8Array(256).fill(-1);
for (const digits of ['0123456789abcdef', '0123456789ABCDEF'])
  for (const [value, digit] of [...digits].entries()) DIGITS[digit.charCodeAt(0)] = value;

/** The quick way, for a line that is 40 digits and nothing else. @returns whether it is one */
function readDigits(text: Uint8Array, at: number, end: number, into: Uint8Array): boolean {
  const length = text[end - 1] === CARRIAGE_RETURN ? end - 1 - at : end - at;
  if (length !== HEX_LENGTH) return false;
  for (let index = 0; index < into.length; index++) {
    const digit = at + 2 * index;
    const value = (DIGITS[text[digit]!]! << 4) | DIGITS[text[digit + 1]!]!;
    if (value < 0) return false;
    into[index] = value;
  }
  return true;
}

/** Any line. @returns `none` for a comment or an empty line, undefined for what is no infohash */
function readLine(line: Buffer): Uint8Array | 'none' | undefined {
  const comment = line.indexOf('#');
  const hex = line.toString('utf8', 0, comment === -1 ? line.length : comment).trim();
  return hex === '' ? 'none' : hexToInfoHash(hex);
}
