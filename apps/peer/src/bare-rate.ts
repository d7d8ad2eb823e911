/** A rate without its unit. Pure. */

/** Nobody means so few bytes a second: K or M was left out. */
const BARE_LIMIT = 1024;

/** Whether a person who typed this rate left its unit out: `5`, `50/s`; not `0`, `5K`, `500B`. */
export function isBareRate(word: string): boolean {
  if (!/^\d+(?:\.\d+)?(?:\/s)?$/.test(word)) return false;
  const value = Number.parseFloat(word);
  return value > 0 && value < BARE_LIMIT;
}
