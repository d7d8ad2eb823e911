/** Messages to bytes. Pure. */
import {
  FIXED_FRAME_LENGTH,
  MESSAGE_ID,
  messageTypeOf,
  PIECE_HEADER_LENGTH,
  PREFIX_LENGTH,
} from './constants.ts';
import { writeUint32 } from './integers.ts';
import type { Message } from './message.ts';

/**
 * Writes one message.
 *
 * Shape: length u32 of what follows | id u8 | fields; `keep-alive` is the length 0 alone.
 * @returns the whole frame, length prefix included
 * @throws RangeError for a number that does not fit its field, or an `unknown` whose id is known
 * @see BEP 3 "peer messages", BEP 6, BEP 10
 */
export function encodeMessage(message: Message): Uint8Array {
  switch (message.type) {
    case 'keep-alive':
      return new Uint8Array(PREFIX_LENGTH);
    case 'choke':
    case 'unchoke':
    case 'interested':
    case 'not-interested':
    case 'have-all':
    case 'have-none':
      return frame(MESSAGE_ID[message.type], 0);
    case 'have':
    case 'suggest':
    case 'allowed-fast':
      return integers(message.type, message.pieceIndex);
    case 'request':
    case 'cancel':
    case 'reject':
      return integers(message.type, message.pieceIndex, message.begin, message.length);
    case 'bitfield':
      return withTail(frame(MESSAGE_ID.bitfield, message.bytes.length), message.bytes);
    case 'piece':
      return piece(message.pieceIndex, message.begin, message.block);
    case 'port':
      return port(message.port);
    case 'extended':
      return extended(message.extendedId, message.payload);
    case 'unknown':
      if (messageTypeOf(message.id) !== undefined)
        throw new RangeError(`message id ${message.id} is known`);
      return frame(checked(message.id, 255), 0);
  }
}

/**
 * Writes a `request` in place, for many in one buffer: REQUEST_LENGTH bytes.
 * @returns the offset behind it
 */
export function writeRequest(
  target: Uint8Array,
  at: number,
  pieceIndex: number,
  begin: number,
  length: number,
): number {
  writeUint32(target, at, FIXED_FRAME_LENGTH.request);
  target[at + 4] = MESSAGE_ID.request;
  writeUint32(target, at + 5, pieceIndex);
  writeUint32(target, at + 9, begin);
  return writeUint32(target, at + 13, length);
}

/**
 * Writes what stands before the block of a `piece` message: PIECE_HEADER_LENGTH bytes.
 * @param blockLength - bytes of the block that the caller sends behind it
 * @returns the offset behind the header
 */
export function writePieceHeader(
  target: Uint8Array,
  at: number,
  pieceIndex: number,
  begin: number,
  blockLength: number,
): number {
  writeUint32(target, at, PIECE_HEADER_LENGTH - PREFIX_LENGTH + blockLength);
  target[at + 4] = MESSAGE_ID.piece;
  writeUint32(target, at + 5, pieceIndex);
  return writeUint32(target, at + 9, begin);
}

/** A frame with its prefix and id written and `payloadLength` zero bytes behind them. */
function frame(id: number, payloadLength: number): Uint8Array {
  const bytes = new Uint8Array(PREFIX_LENGTH + 1 + payloadLength);
  writeUint32(bytes, 0, 1 + payloadLength);
  bytes[PREFIX_LENGTH] = id;
  return bytes;
}

function withTail(bytes: Uint8Array, tail: Uint8Array): Uint8Array {
  bytes.set(tail, bytes.length - tail.length);
  return bytes;
}

function integers(
  type: 'have' | 'suggest' | 'allowed-fast' | 'request' | 'cancel' | 'reject',
  ...values: number[]
): Uint8Array {
  const bytes = frame(MESSAGE_ID[type], 4 * values.length);
  let at = PREFIX_LENGTH + 1;
  for (const value of values) at = writeUint32(bytes, at, checked(value, 0xffff_ffff));
  return bytes;
}

function piece(pieceIndex: number, begin: number, block: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PIECE_HEADER_LENGTH + block.length);
  checked(pieceIndex, 0xffff_ffff);
  checked(begin, 0xffff_ffff);
  writePieceHeader(bytes, 0, pieceIndex, begin, block.length);
  return withTail(bytes, block);
}

function port(value: number): Uint8Array {
  const bytes = frame(MESSAGE_ID.port, 2);
  bytes[PREFIX_LENGTH + 1] = checked(value, 0xffff) >> 8;
  bytes[PREFIX_LENGTH + 2] = value;
  return bytes;
}

function extended(extendedId: number, payload: Uint8Array): Uint8Array {
  const bytes = frame(MESSAGE_ID.extended, 1 + payload.length);
  bytes[PREFIX_LENGTH + 1] = checked(extendedId, 255);
  return withTail(bytes, payload);
}

function checked(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new RangeError(`${value} is outside 0..${max}`);
  return value;
}
