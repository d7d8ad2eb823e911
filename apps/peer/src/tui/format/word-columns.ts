/** Words in columns, as a shell lists what Tab could mean. */
import { cleanText } from './clean-text.ts';
import { fit, textWidth } from './fit.ts';

const GAP = 2;

/**
 * Lays words out column by column, as many as there is room for.
 * @param limit - lines at most; when there are more words the last line says how many
 */
export function wordColumns(words: readonly string[], width: number, limit: number): string[] {
  if (words.length === 0 || limit < 1) return [];
  const widest = words.reduce((most, word) => Math.max(most, textWidth(cleanText(word))), 0);
  const cellWidth = Math.min(widest, width);
  const columnCount = Math.max(1, Math.floor((width + GAP) / (cellWidth + GAP)));
  const needed = Math.ceil(words.length / columnCount);
  if (needed > limit) {
    const shown = words.slice(0, columnCount * (limit - 1));
    const rest = `… ${words.length - shown.length} more`;
    return [...wordColumns(shown, width, limit - 1), rest];
  }
  return Array.from({ length: needed }, (_, line) =>
    Array.from({ length: columnCount }, (__, column) => words[column * needed + line])
      .filter((word) => word !== undefined)
      .map((word) => fit(word, cellWidth))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}
