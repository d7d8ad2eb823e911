/** The one error class of the engine. */

/** Callers switch on the code. */
export type EngineErrorCode =
  | 'duplicate' // the torrent is there already
  | 'bad-magnet'
  | 'bad-selection' // a file index the torrent does not have
  | 'port-taken'
  | 'state-locked' // another process uses the state folder
  | 'state-unwritable'
  | 'state-unreadable' // which torrents there are cannot be said
  | 'no-such-peer' // not connected
  | 'connect-failed' // dial or handshake
  | 'peer-banned'
  | 'peer-refused' // ourselves, here already, or one too many
  | 'no-such-piece'
  | 'peer-lacks-piece'
  | 'piece-missing' // we lack it
  | 'closed';

/** What the engine throws to its caller. Faults of peers and trackers never come this way: they are events. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
