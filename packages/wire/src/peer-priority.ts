/** A rank of a pair of peers that both sides compute alike: who is kept when slots are full. BEP 40. */
import { type PeerAddress, parseIp } from '@shoal/units';

/** Bytes that are hashed whole for addresses that have nothing in common. */
const WHOLE_BYTES = { 4: 2, 16: 6 } as const;

/** Reflected Castagnoli polynomial. */
const POLYNOMIAL = 0x82f6_3b78;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/**
 * The canonical priority: CRC32-C over both masked addresses, the lower first, or over both ports
 * when the addresses are equal. Order of the arguments does not matter. Higher is better.
 *
 * The mask keeps /16 of IPv4 and /48 of IPv6 and every other bit behind; addresses that have more
 * bytes in common keep one byte more than those. IPv4 against IPv6 is ranked as IPv4-mapped.
 * @returns 0..2^32-1
 * @see BEP 40
 */
export function peerPriority(a: PeerAddress, b: PeerAddress): number {
  const mapped = a.family !== b.family;
  const ipA = ipBytes(a, mapped);
  const ipB = ipBytes(b, mapped);
  const common = commonLength(ipA, ipB);
  if (common === ipA.length) return crc32c(...sorted(portBytes(a.port), portBytes(b.port)));
  const whole = Math.max(ipA.length === 4 ? WHOLE_BYTES[4] : WHOLE_BYTES[16], common + 1);
  return crc32c(...sorted(masked(ipA, whole), masked(ipB, whole)));
}

function ipBytes(address: PeerAddress, mapped: boolean): Uint8Array {
  const ip = parseIp(address.host)!;
  if (!mapped || ip.length === 16) return ip;
  return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...ip);
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function masked(ip: Uint8Array, whole: number): Uint8Array {
  return ip.map((byte, at) => (at < whole ? byte : byte & 0x55));
}

function portBytes(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port);
}

function sorted(a: Uint8Array, b: Uint8Array): [Uint8Array, Uint8Array] {
  const at = commonLength(a, b);
  return at < a.length && a[at]! > b[at]! ? [b, a] : [a, b];
}

function crc32c(...parts: readonly Uint8Array[]): number {
  let crc = 0xffff_ffff;
  for (const part of parts)
    for (const byte of part) crc = CRC_TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
