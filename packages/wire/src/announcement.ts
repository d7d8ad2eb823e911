/** A peer's message about all that it has. BEP 3, BEP 6. */
import { Bitfield } from '@shoal/units';
import { WireError } from './wire-error.ts';

/** `bytes` are those of the message, not checked against a torrent. */
export type Announcement =
  | { readonly type: 'have-all' | 'have-none' }
  | { readonly type: 'bitfield'; readonly bytes: Uint8Array };

/** The pieces that it names. @throws WireError `wrong-bitfield` */
export function announcedPieces(announcement: Announcement, pieceCount: number): Bitfield {
  if (announcement.type === 'bitfield') {
    const pieces = Bitfield.fromBytes(announcement.bytes, pieceCount);
    if (pieces !== undefined) return pieces;
    const got = announcement.bytes.length;
    const message = `bitfield of ${got} bytes for ${pieceCount} pieces, or a spare bit is set`;
    throw new WireError('wrong-bitfield', message, { got, limit: Math.ceil(pieceCount / 8) });
  }
  const pieces = new Bitfield(pieceCount);
  if (announcement.type === 'have-all') pieces.fill();
  return pieces;
}
