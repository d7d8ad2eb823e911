/** What may go wrong at a web seed. */

export type WebSeedErrorCode =
  | 'gone' // 404, 403 …: asking again is no use
  | 'busy' // 503, 429: later
  | 'refused' // a URL that must not be asked, or is none
  | 'broken'; // network, short answer, anything else

export class WebSeedError extends Error {
  override readonly name = 'WebSeedError';
  readonly code: WebSeedErrorCode;

  constructor(code: WebSeedErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
