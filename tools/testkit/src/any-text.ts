/** Text of any characters, for properties: cheap where fast-check's own is dear. */
import fc from 'fast-check';

/** Halves of a pair are no characters: so many numbers are left out, from here on. */
const FIRST_HALF = 0xd800;
const HALF_COUNT = 0x800;
const LAST_CODE_POINT = 0x10_ffff;

/**
 * As the unit `binary` of fast-check, which makes a map of all 1.1 million characters in each
 * process that uses it: more than a second and 90 MB.
 */
const character = fc
  .integer({ min: 0, max: LAST_CODE_POINT - HALF_COUNT })
  .map((n) => String.fromCodePoint(n < FIRST_HALF ? n : n + HALF_COUNT), numberOf);

/** Well-formed text of characters of all planes; `__proto__` and its like among it. Lengths in characters. */
export function anyText(
  constraints: Pick<fc.StringConstraints, 'minLength' | 'maxLength'> = {},
): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: character });
}

/** @throws RangeError for what is not one character: fast-check asks it of anything */
function numberOf(value: unknown): number {
  const codePoint = typeof value === 'string' ? value.codePointAt(0) : undefined;
  if (codePoint === undefined || String.fromCodePoint(codePoint) !== value)
    throw new RangeError('it is not one character');
  return codePoint < FIRST_HALF ? codePoint : codePoint - HALF_COUNT;
}
