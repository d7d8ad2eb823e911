/** The message of lt_donthave: a piece that was announced is gone. BEP 54. */
import { readUint32, writeUint32 } from './integers.ts';
import { WireError } from './wire-error.ts';

const DONT_HAVE_LENGTH = 4;

/** Writes the payload: pieceIndex u32. */
export function encodeDontHave(pieceIndex: number): Uint8Array {
  const payload = new Uint8Array(DONT_HAVE_LENGTH);
  writeUint32(payload, 0, pieceIndex);
  return payload;
}

/**
 * Reads the payload.
 * @returns the index as it came; the caller checks it against its layout
 * @throws WireError `bad-extended` unless there are 4 bytes
 */
export function decodeDontHave(payload: Uint8Array): number {
  if (payload.length === DONT_HAVE_LENGTH) return readUint32(payload, 0);
  const details = { got: payload.length, limit: DONT_HAVE_LENGTH };
  const message = `lt_donthave of ${payload.length} bytes, must be ${DONT_HAVE_LENGTH}`;
  throw new WireError('bad-extended', message, details);
}
