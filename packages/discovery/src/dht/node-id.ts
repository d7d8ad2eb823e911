/** Node ids that go with an IP address, so that nobody can choose his place. Pure. BEP 42. */
import type { Random } from '@shoal/units';

const ID_LENGTH = 20;
const IPV4_MASK = Uint8Array.of(0x03, 0x0f, 0x3f, 0xff);
const IPV6_MASK = Uint8Array.of(0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f, 0xff);

/**
 * A node id for our address as others see it.
 *
 * Shape: the first 21 bits from crc32c of the masked address and the lowest 3 bits of the last byte.
 * @param ip - 4 or 16 bytes, or undefined while it is not known: then the id is random
 */
export function makeNodeId(ip: Uint8Array | undefined, random: Random): Uint8Array {
  const id = random.bytes(ID_LENGTH);
  if (ip === undefined) return id;
  const crc = prefixOf(ip, id[ID_LENGTH - 1]!);
  id[0] = crc >>> 24;
  id[1] = (crc >>> 16) & 255;
  id[2] = ((crc >>> 8) & 0xf8) | (id[2]! & 7);
  return id;
}

/** Whether a node id of 20 bytes goes with the address. */
export function isNodeIdOf(id: Uint8Array, ip: Uint8Array): boolean {
  if (id.length !== ID_LENGTH) return false;
  const crc = prefixOf(ip, id[ID_LENGTH - 1]!);
  return (
    id[0] === crc >>> 24 &&
    id[1] === ((crc >>> 16) & 255) &&
    (id[2]! & 0xf8) === ((crc >>> 8) & 0xf8)
  );
}

function prefixOf(ip: Uint8Array, lastByte: number): number {
  const mask = ip.length === 4 ? IPV4_MASK : IPV6_MASK;
  const masked = mask.map((bits, at) => bits & ip[at]!);
  masked[0]! |= (lastByte & 7) << 5;
  return crc32c(masked);
}

/** CRC-32C (Castagnoli), bit by bit: eight bytes at most. RFC 3720, B.4. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
