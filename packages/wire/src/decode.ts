/** Bytes to messages, one whole frame at a time. Pure. */
import { FIXED_FRAME_LENGTH, messageTypeOf } from './constants.ts';
import { readUint32 } from './integers.ts';
import type { Message } from './message.ts';
import { WireError } from './wire-error.ts';

/** Bytes of a `piece` frame before its block: id, index, begin. */
const PIECE_FIELDS_LENGTH = 9;

/**
 * Reads one frame. It knows no torrent: indexes and offsets are given as they came.
 *
 * @param frame - the frame without its 4-byte length prefix; empty is a keep-alive
 * @returns the message; `bytes`, `block` and `payload` are views into the frame
 * @throws WireError `wrong-length` when the frame is shorter or longer than its id allows
 * @see BEP 3 "peer messages", BEP 6, BEP 10
 */
export function decodeMessage(frame: Uint8Array): Message {
  if (frame.length === 0) return { type: 'keep-alive' };
  const id = frame[0]!;
  const type = messageTypeOf(id);
  if (type === undefined) return { type: 'unknown', id };
  switch (type) {
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'not-interested':
    case 'have-all':
    case 'have-none':
      demandLength(frame, FIXED_FRAME_LENGTH[type], type);
      return { type };
    case 'have':
    case 'suggest':
    case 'allowed-fast':
      demandLength(frame, FIXED_FRAME_LENGTH[type], type);
      return { type, pieceIndex: readUint32(frame, 1) };
    case 'request':
    case 'cancel':
    case 'reject':
      demandLength(frame, FIXED_FRAME_LENGTH[type], type);
      return {
        type,
        pieceIndex: readUint32(frame, 1),
        begin: readUint32(frame, 5),
        length: readUint32(frame, 9),
      };
    case 'port':
      demandLength(frame, FIXED_FRAME_LENGTH[type], type);
      return { type, port: (frame[1]! << 8) | frame[2]! };
    case 'bitfield':
      return { type, bytes: frame.subarray(1) };
    case 'piece':
      demandAtLeast(frame, PIECE_FIELDS_LENGTH, type);
      return {
        type,
        pieceIndex: readUint32(frame, 1),
        begin: readUint32(frame, 5),
        block: frame.subarray(PIECE_FIELDS_LENGTH),
      };
    case 'extended':
      demandAtLeast(frame, 2, type);
      return { type, extendedId: frame[1]!, payload: frame.subarray(2) };
  }
}

function demandLength(frame: Uint8Array, length: number, type: string): void {
  if (frame.length === length) return;
  throw new WireError('wrong-length', `${type} of ${frame.length} bytes, must be ${length}`, {
    got: frame.length,
    limit: length,
  });
}

function demandAtLeast(frame: Uint8Array, length: number, type: string): void {
  if (frame.length >= length) return;
  throw new WireError('wrong-length', `${type} of ${frame.length} bytes, at least ${length}`, {
    got: frame.length,
    limit: length,
  });
}
