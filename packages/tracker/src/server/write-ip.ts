/** Writes IP addresses as text without making an object, for answers of hundreds. Pure. */

const DOT = 0x2e;
const COLON = 0x3a;
const GROUP_COUNT = 8;

/** Longest text that is written, in bytes. */
export const MAX_IP_TEXT_LENGTH = 39;

/**
 * Writes an address in its canonical form: IPv6 by RFC 5952.
 * @param bytes - has it from `start` on
 * @param family - 4 or 16 bytes of it
 * @returns where the text ends
 */
export function writeIp(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  family: 4 | 6,
): number {
  return family === 4 ? writeIpv4(out, at, bytes, start) : writeIpv6(out, at, bytes, start);
}

/** Writes a whole number of at most five digits. @returns where it ends */
export function writeDecimal(out: Uint8Array, at: number, value: number): number {
  const end = at + (value < 10 ? 1 : value < 100 ? 2 : value < 1_000 ? 3 : value < 10_000 ? 4 : 5);
  for (let place = end - 1, rest = value; place >= at; place--) {
    const next = (rest / 10) | 0;
    out[place] = 0x30 + rest - 10 * next;
    rest = next;
  }
  return end;
}

function writeIpv4(out: Uint8Array, at: number, bytes: Uint8Array, start: number): number {
  let end = writeDecimal(out, at, bytes[start]!);
  for (let part = 1; part < 4; part++) {
    out[end++] = DOT;
    end = writeDecimal(out, end, bytes[start + part]!);
  }
  return end;
}

/** Lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function writeIpv6(out: Uint8Array, at: number, bytes: Uint8Array, start: number): number {
  let gapAt = GROUP_COUNT;
  let gapLength = 1;
  for (let group = 0; group < GROUP_COUNT; group++) {
    let length = 0;
    while (group + length < GROUP_COUNT && groupOf(bytes, start, group + length) === 0) length++;
    if (length > gapLength) {
      gapAt = group;
      gapLength = length;
    }
    group += length;
  }
  let end = at;
  for (let group = 0; group < GROUP_COUNT; group++) {
    if (group === gapAt) {
      out[end++] = COLON;
      if (group + gapLength === GROUP_COUNT) out[end++] = COLON;
      group += gapLength - 1;
      continue;
    }
    if (group > 0) out[end++] = COLON;
    end = writeHex(out, end, groupOf(bytes, start, group));
  }
  return end;
}

function groupOf(bytes: Uint8Array, start: number, group: number): number {
  return (bytes[start + 2 * group]! << 8) | bytes[start + 2 * group + 1]!;
}

function writeHex(out: Uint8Array, at: number, value: number): number {
  const end = at + (value < 0x10 ? 1 : value < 0x100 ? 2 : value < 0x1000 ? 3 : 4);
  for (let place = end - 1, rest = value; place >= at; place--, rest >>= 4) {
    const digit = rest & 15;
    out[place] = digit < 10 ? 0x30 + digit : 0x57 + digit;
  }
  return end;
}
