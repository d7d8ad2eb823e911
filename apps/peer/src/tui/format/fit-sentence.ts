/** A sentence with a name in it, on one line. */
import { cleanText } from './clean-text.ts';
import { textWidth, truncate } from './fit.ts';

/** Columns below which a name tells nothing. */
const MIN_NAME = 12;

/**
 * At most `width` columns: the name gives way first, in its middle, so that what is said of it stays.
 * @param name - where it stands in `text` first; both may come from outside
 */
export function fitSentence(text: string, name: string | undefined, width: number): string {
  const at = name === undefined ? -1 : text.indexOf(name);
  if (name === undefined || at < 0) return truncate(text, width);
  const before = cleanText(text.slice(0, at));
  const after = cleanText(text.slice(at + name.length));
  const room = Math.max(MIN_NAME, width - textWidth(before) - textWidth(after));
  return truncate(before + truncate(name, room, 'middle') + after, width);
}
