/** The one error of this package. */

/** What was wrong: the first nine with the bytes, the next four with a value read, the last two with a value to write. */
export type BencodeErrorCode =
  | 'truncated'
  | 'trailing-bytes'
  | 'unexpected-byte'
  | 'bad-integer'
  | 'bad-length'
  | 'unsorted-keys'
  | 'duplicate-key'
  | 'too-deep'
  | 'too-large'
  | 'missing'
  | 'wrong-type'
  | 'out-of-range'
  | 'bad-text'
  | 'not-encodable'
  | 'bad-key';

/** Where it was wrong: the byte offset for bytes, the path for values (`info.files[3].length`). */
interface BencodePlace {
  readonly at?: number;
  readonly path?: string;
}

/** Bytes that are no canonical bencode, a value that is not what was asked for, or one that cannot be written. */
export class BencodeError extends Error {
  override readonly name = 'BencodeError';
  readonly code: BencodeErrorCode;
  /** Byte offset in the input, for faults of the bytes. */
  readonly at: number | undefined;
  /** Path of the value, for faults found by a reader. */
  readonly path: string | undefined;

  constructor(code: BencodeErrorCode, what: string, place: BencodePlace = {}) {
    super(sentence(what, place));
    this.code = code;
    this.at = place.at;
    this.path = place.path;
  }
}

function sentence(what: string, { at, path }: BencodePlace): string {
  if (path !== undefined && path !== '') return `${path}: ${what}`;
  return at === undefined ? what : `${what} at byte ${at}`;
}
