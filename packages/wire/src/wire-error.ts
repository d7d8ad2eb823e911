/** The one error class of this package: what a remote peer did wrong. */

/** Why a peer must be left. Callers switch on this and never on the message. */
export type WireErrorCode =
  /** The handshake does not begin with the protocol's name. */
  | 'bad-protocol'
  /** The length prefix is above the limit for its message. */
  | 'frame-too-long'
  /** A message of fixed shape has another length than its shape has. */
  | 'wrong-length'
  /** A piece index that the torrent does not have. */
  | 'no-such-piece'
  /** A block of no bytes, or one that ends behind its piece. */
  | 'outside-piece'
  /** A request for more than 128 KiB. */
  | 'request-too-long'
  /** bitfield, have-all or have-none when it is not the first message. */
  | 'bitfield-late'
  /** A bitfield of the wrong length or with a spare bit set. */
  | 'wrong-bitfield'
  /** Too many requests while we choke. */
  | 'choked-requests'
  /** More messages of a kind than anybody has use for. */
  | 'flood'
  /** A block that answers no request: of another length, or from another place. */
  | 'no-block'
  /** A BEP 6 message on a session without BEP 6. */
  | 'fast-not-agreed'
  /** A BEP 10 message on a session without BEP 10. */
  | 'extended-not-agreed'
  /** A block, though we lack the metadata and so asked for none. */
  | 'before-metadata'
  /** The payload of an extension message is not what its BEP says. */
  | 'bad-extended'
  /** MSE: a public key whose secret anybody knows. */
  | 'mse-weak-key'
  /** MSE: the end of the padding was not found where it must be. */
  | 'mse-no-sync'
  /** MSE: somebody asks for a torrent we do not have. */
  | 'mse-unknown-torrent'
  /** MSE: the two sides do not have the same keys. */
  | 'mse-wrong-verification'
  /** MSE: no method of encryption that both sides want. */
  | 'mse-no-method'
  /** MSE: padding of more than 512 bytes is announced. */
  | 'mse-pad-too-long';

export interface WireErrorDetails {
  /** What came: a length, an index or a count. */
  readonly got?: number;
  /** The most that is taken of it, or the only value that is right. */
  readonly limit?: number;
  readonly cause?: unknown;
}

/** The remote side broke the protocol: close the connection. Nothing else is ever thrown for bytes. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  readonly got: number | undefined;
  readonly limit: number | undefined;

  constructor(code: WireErrorCode, message: string, details: WireErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.got = details.got;
    this.limit = details.limit;
  }
}
