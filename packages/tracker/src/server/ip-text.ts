/**
 * Reads the IP addresses that Node gives for packets and sockets, without making an object. The text
 * comes from the system, so it is well formed. Pure.
 */

const DOT = 0x2e;
const COLON = 0x3a;
const PERCENT = 0x25;

/**
 * Writes the bytes of an address to the begin of `into`. IPv4 inside IPv6 (`::ffff:1.2.3.4`) is IPv4.
 * @param into - 16 bytes or more
 * @returns the family, 0 when the text is no address
 */
export function readIp(text: string, into: Uint8Array): 4 | 6 | 0 {
  const end = endOf(text);
  const lastColon = text.lastIndexOf(':', end);
  if (lastColon < 0) return readIpv4(text, 0, end, into, 0) ? 4 : 0;
  const isDotted = text.indexOf('.', lastColon) >= 0;
  const groupsEnd = isDotted ? lastColon : end;
  const length = isDotted ? 12 : 16;
  if (!readGroups(text, groupsEnd, length, into)) return 0;
  if (!isDotted) return 6;
  if (!readIpv4(text, lastColon + 1, end, into, 12)) return 0;
  return takeMapped(into) ? 4 : 6;
}

/** A zone (`fe80::1%eth0`) is no part of the address. */
function endOf(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) === PERCENT) return at;
  return text.length;
}

function readIpv4(text: string, start: number, end: number, into: Uint8Array, at: number): boolean {
  let value = 0;
  let part = 0;
  for (let place = start; place < end; place++) {
    const code = text.charCodeAt(place);
    if (code === DOT) {
      into[at + part++] = value;
      value = 0;
    } else value = value * 10 + code - 0x30;
    if (part > 3 || value < 0 || value > 255) return false;
  }
  into[at + part] = value;
  return part === 3;
}

/** Groups of 16 bits up to `end`, with at most one `::` for the zeros, to fill `length` bytes. */
function readGroups(text: string, end: number, length: number, into: Uint8Array): boolean {
  into.fill(0, 0, 16);
  let written = 0;
  let gapAt = -1;
  let value = -1;
  for (let place = 0; place <= end; place++) {
    const code = place === end ? COLON : text.charCodeAt(place);
    if (code !== COLON) {
      const digit = code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
      if (digit < 0 || digit > 15) return false;
      value = (value < 0 ? 0 : value << 4) | digit;
      if (value > 0xffff) return false;
      continue;
    }
    if (value >= 0) {
      if (written + 2 > length) return false;
      into[written++] = value >> 8;
      into[written++] = value & 255;
      value = -1;
    } else if (gapAt < 0) gapAt = written;
  }
  if (gapAt < 0) return written === length;
  into.copyWithin(length - (written - gapAt), gapAt, written);
  into.fill(0, gapAt, length - (written - gapAt));
  return true;
}

/** Turns `::ffff:a.b.c.d` into its last 4 bytes. */
function takeMapped(into: Uint8Array): boolean {
  for (let at = 0; at < 10; at++) if (into[at] !== 0) return false;
  if (into[10] !== 255 || into[11] !== 255) return false;
  into.copyWithin(0, 12, 16);
  return true;
}
