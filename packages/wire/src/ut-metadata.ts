/** The messages of ut_metadata, by which peers send the info dict. BEP 9. */
import { encode } from '@shoal/bencode';
import { asWireError, readDictPrefix } from './extension-dict.ts';
import { WireError } from './wire-error.ts';

/** Every piece of the metadata has this many bytes but the last, which has the rest. */
export const METADATA_PIECE_LENGTH = 16_384;

/** `piece` counts pieces of the metadata, not of the torrent. */
export type MetadataMessage =
  | { readonly type: 'request' | 'reject'; readonly piece: number }
  | {
      readonly type: 'data';
      readonly piece: number;
      /** Bytes of the whole metadata. */
      readonly totalLength: number;
      readonly bytes: Uint8Array;
    }
  /** To be ignored. */
  | { readonly type: 'unknown'; readonly id: number };

const MESSAGE_TYPE = { request: 0, data: 1, reject: 2 } as const;

/** Writes the payload: a dict, and behind it the bytes of a `data` message. */
export function encodeMetadataMessage(
  message: Exclude<MetadataMessage, { readonly type: 'unknown' }>,
): Uint8Array {
  const header = { msg_type: MESSAGE_TYPE[message.type], piece: message.piece };
  if (message.type !== 'data') return encode(header);
  const head = encode({ ...header, total_size: message.totalLength });
  const payload = new Uint8Array(head.length + message.bytes.length);
  payload.set(head);
  payload.set(message.bytes, head.length);
  return payload;
}

/**
 * Reads the payload; `bytes` is a view into it. The receiver compares `totalLength` with the
 * `metadata_size` of the handshake.
 * @throws WireError `bad-extended` for a broken dict, or when the bytes are not the whole piece
 */
export function decodeMetadataMessage(payload: Uint8Array): MetadataMessage {
  const { dict, length } = readDictPrefix(payload, 'ut_metadata');
  return asWireError('ut_metadata', () => {
    const id = dict.integer('msg_type', { min: 0 });
    if (id > MESSAGE_TYPE.reject) return { type: 'unknown', id };
    const piece = dict.integer('piece', { min: 0 });
    if (id === MESSAGE_TYPE.request) return { type: 'request', piece };
    if (id === MESSAGE_TYPE.reject) return { type: 'reject', piece };
    const totalLength = dict.integer('total_size', { min: 1 });
    const bytes = payload.subarray(length);
    demandWholePiece(bytes.length, piece, totalLength);
    return { type: 'data', piece, totalLength, bytes };
  });
}

function demandWholePiece(got: number, piece: number, totalLength: number): void {
  const left = totalLength - piece * METADATA_PIECE_LENGTH;
  const limit = Math.max(0, Math.min(METADATA_PIECE_LENGTH, left));
  if (got === limit && limit > 0) return;
  const message = `ut_metadata: piece ${piece} of ${got} bytes, must be ${limit} of ${totalLength}`;
  throw new WireError('bad-extended', message, { got, limit });
}
