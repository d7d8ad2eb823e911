/** The one error of this package, besides BencodeError for bytes and types that are wrong. */

/** What was wrong: with a torrent, with a magnet link, or with what a torrent was to be made of. */
export type MetainfoErrorCode =
  | 'no-info'
  | 'v2-only'
  | 'no-bytes'
  | 'bad-length'
  | 'bad-piece-length'
  | 'bad-pieces'
  | 'too-many-pieces'
  | 'too-many-files'
  | 'bad-path'
  | 'too-many-collisions'
  | 'bad-magnet'
  | 'nothing-to-share'
  | 'bad-name'
  | 'bad-url'
  | 'unfit-piece-length'
  | 'unreadable'
  | 'file-changed';

/** A torrent or magnet link that we do not take, or a torrent that cannot be made. */
export class MetainfoError extends Error {
  override readonly name = 'MetainfoError';
  readonly code: MetainfoErrorCode;

  constructor(code: MetainfoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
