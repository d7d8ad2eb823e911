import { type InfoHash, toInfoHash, toPeerId } from '@shoal/units';
import type { Handshake } from '@shoal/wire';

/** An infohash of one byte, again and again. */
export const infoHashOf = (fill: number): InfoHash => toInfoHash(new Uint8Array(20).fill(fill))!;

/** @param fill - of the peer id */
export const handshakeOf = (infoHash: InfoHash, fill: number): Handshake => ({
  infoHash,
  peerId: toPeerId(new Uint8Array(20).fill(fill))!,
  supportsFast: true,
  supportsExtended: true,
  supportsDht: false,
});
