/** The one error of what leaves a process and comes back: batches, signals, snapshots, exchanges. */

export type ExchangeErrorCode =
  // The bytes are at fault.
  | 'bad-batch'
  | 'bad-signal'
  | 'bad-snapshot'
  // The way to the others is.
  | 'unreachable'
  | 'closed'
  // What was asked for is.
  | 'not-a-snapshot'
  | 'bad-url';

/** Callers switch on `code`, never on `message`. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly code: ExchangeErrorCode;

  constructor(code: ExchangeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
