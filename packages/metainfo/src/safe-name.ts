/** Turns a name from a torrent into one that can be opened anywhere and looks like what it is. */
import { isJoiner, withoutJoiners, withoutStrayJoiners } from './joiners.ts';

/**
 * Left out: separators and NUL, and the characters that cannot be seen or turn the direction of
 * writing, with which a name looks like another. Joiners go where they join nothing (`joiners.ts`).
 */
const LEFT_OUT = /[/\\\0\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** Become `_`: control characters, line ends, and what was no UTF-8 (read as U+FFFD). */
const REPLACED = /[\x01-\x1f\x7f-\x9f\u2028\u2029\ufffd]/g;
/** Become `_` on Windows, which also forbids dots and spaces at the end. */
const REPLACED_ON_WINDOWS = /[<>:"|?*]/g;
/** Device names of Windows, whatever follows the first dot. */
const RESERVED = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)/i;
/** Most names: printable ASCII without separators. */
const PLAIN = /^[ -.0-[\]-~]{1,240}$/;
/** Bytes of UTF-8 after which a name is cut; file systems take 255. */
const MAX_NAME_LENGTH = 240;
/** A cut name keeps an extension of so many bytes, the dot included. */
const MAX_EXTENSION_LENGTH = 9;

/**
 * A name as one path component: never empty, `.` or `..`, without separators, control and
 * invisible characters, no device name, at most 255 bytes. The rules are libtorrent 2.1's, so that
 * files it has downloaded are found; those for Windows characters apply only there.
 *
 * @param name - read as UTF-8, U+FFFD where it was none
 */
export function safeName(name: string, onWindows = process.platform === 'win32'): string {
  if (!onWindows && PLAIN.test(name) && name !== '.' && name !== '..' && !RESERVED.test(name))
    return name;
  const seen = name.replace(LEFT_OUT, '').replace(REPLACED, '_');
  let safe = cut(withoutStrayJoiners(seen));
  if (onWindows) safe = safe.replace(REPLACED_ON_WINDOWS, '_').replace(/[. ]+$/, '');
  if (safe === '' || safe === '.' || safe === '..') return '_';
  return safe.replace(RESERVED, (device) => `${device}_`);
}

/** Whether nothing of the name would be left: `/`, `..` and the like. */
export function isNameless(name: string): boolean {
  return /^\.{0,2}$/.test(withoutJoiners(name.replace(LEFT_OUT, '')));
}

/**
 * Cuts after the code point with which the name reaches 240 bytes, behind a joiner after the next one,
 * and keeps a short extension.
 */
function cut(name: string): string {
  if (name.length * 3 <= MAX_NAME_LENGTH || Buffer.byteLength(name) <= MAX_NAME_LENGTH) return name;
  let [end, length] = [0, 0];
  for (const character of name) {
    if (length >= MAX_NAME_LENGTH && !isJoiner(name[end - 1]!)) break;
    end += character.length;
    length += Buffer.byteLength(character);
  }
  const dot = name.lastIndexOf('.');
  const extension = dot >= end ? name.slice(dot) : '';
  const kept = Buffer.byteLength(extension) <= MAX_EXTENSION_LENGTH ? extension : '';
  return name.slice(0, end) + kept;
}
