/** The one error of the command language: a sentence that says what was wrong and what to do. */

import { cleanText } from '@shoal/cli';

/** Scripts see it with `--json`. */
export type CommandErrorCode =
  | 'bad-line' // no command, or quotes that do not close
  | 'unknown-command'
  | 'bad-argument'
  | 'no-torrent' // none is there, none is named, or the name fits several
  | 'not-now' // the torrent is paused, being checked, without its metadata …
  | 'no-tracker' // none is connected or none answered
  | 'damaged' // a hash did not fit
  | 'stopped' // given up by the one who asked
  | 'failed'; // anything else that a package says: `cause`

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;

  /**
   * @param what - what was wrong, without a full stop; text from outside is cleaned here
   * @param nextStep - what to do about it, likewise; empty when nothing helps
   */
  constructor(code: CommandErrorCode, what: string, nextStep = '', cause?: unknown) {
    const sentence = nextStep === '' ? `${what}.` : `${what}; ${nextStep}.`;
    super(cleanText(sentence), cause === undefined ? {} : { cause });
    this.code = code;
  }
}
