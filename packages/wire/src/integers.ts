/** Big-endian 32-bit integers at an offset, without a DataView for each buffer. BEP 3. */

/** Reads an unsigned integer; the four bytes must be there. */
export function readUint32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return ((bytes[at]! << 24) | low) >>> 0;
}

/** Writes an unsigned integer. @returns the offset behind it */
export function writeUint32(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  return at + 4;
}
