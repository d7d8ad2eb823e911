/** Bytes as percent-encoded text, exactly: what infohashes and peer ids are in a query. RFC 3986. */

const PERCENT = 0x25;

/** One entry a byte: unreserved characters as they are, all others as `%` and two hex digits. */
const ENCODED = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9._~-]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/** Writes each byte. */
export function percentEncode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ENCODED[byte]!;
  return text;
}

/**
 * Reads text[start, end) into `into`; a `+` is a plus.
 * @returns how many bytes were written, -1 for a broken `%`, a character past 255 or more bytes than fit
 */
export function percentDecodeInto(
  into: Uint8Array,
  text: string,
  start: number,
  end: number,
): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    let byte = text.charCodeAt(at);
    if (byte === PERCENT) {
      if (at + 2 >= end) return -1;
      byte = (hexDigit(text.charCodeAt(at + 1)) << 4) | hexDigit(text.charCodeAt(at + 2));
      at += 2;
    }
    if (byte < 0 || byte > 255 || length === into.length) return -1;
    into[length++] = byte;
  }
  return length;
}

/** Reads a whole text; undefined for a broken `%` or a character past 255. */
export function percentDecode(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  const length = percentDecodeInto(bytes, text, 0, text.length);
  return length < 0 ? undefined : bytes.subarray(0, length);
}

/** The value of a hex digit: 0..15, or -1 (which stays negative when shifted and or-ed). */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
