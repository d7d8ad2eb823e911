/** The `key` of an announce over HTTP as the number that UDP announces carry. Pure. BEP 7, 15. */
import { hexDigit } from './percent.ts';

/** Hex digits of 32 bits. */
const MAX_DIGITS = 8;
const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/**
 * Reads text[start, end). Up to 8 hex digits are the number that most clients send in both ways; any
 * other text is made one.
 * @returns 0 for none; BEP 3 says nothing of what a key looks like
 */
export function readKey(text: string, start: number, end: number): number {
  let number = 0;
  let hash = FNV_OFFSET;
  let isHex = end - start <= MAX_DIGITS;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const digit = hexDigit(code);
    if (digit < 0) isHex = false;
    number = (number << 4) | digit;
    hash = Math.imul(hash ^ code, FNV_PRIME);
  }
  return (isHex ? number : hash) >>> 0;
}
