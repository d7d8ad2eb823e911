/** The one error of this package. Callers switch on `code`, never on `message`. */

export type TrackerErrorCode =
  // The tracker's answer is at fault.
  | 'failure'
  | 'bad-response'
  | 'short-packet'
  | 'ragged-peers'
  | 'too-large'
  | 'http-status'
  | 'bad-redirect'
  // The way to the tracker is.
  | 'bad-url'
  | 'forbidden-url'
  | 'unreachable'
  | 'timeout'
  | 'closed'
  // A client's request is.
  | 'bad-query'
  | 'bad-packet'
  // The server's own surroundings are.
  | 'port-taken'
  | 'cannot-listen'
  | 'bad-certificate'
  // Private mode: what is asked of the database of users, or the file itself, is.
  | 'bad-user-name'
  | 'user-taken'
  | 'unknown-user'
  | 'bad-database';

/** Details of some codes. */
export interface TrackerErrorDetails {
  /** `failure` (BEP 31): seconds until the tracker may be asked again, Infinity for never. */
  readonly retryInS?: number;
  /** `http-status`: the status. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** What a tracker, the way to it or a client's request did wrong: one sentence, no secret in it. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  readonly code: TrackerErrorCode;
  readonly retryInS: number | undefined;
  readonly status: number | undefined;

  constructor(code: TrackerErrorCode, message: string, details: TrackerErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryInS = details.retryInS;
    this.status = details.status;
  }
}
