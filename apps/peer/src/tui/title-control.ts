/** The title of a terminal's window, in the sequences that xterm began and most took over. */

export interface TitleControl {
  set(title: string): void;
  /** Puts back the title that was there before the first `set`. */
  restore(): void;
}

/** CSI 22 and 23: the title is put on a stack, and taken back from it. */
const SAVE = '\x1b[22;2t';
const RESTORE = '\x1b[23;2t';

/**
 * @param write - of the terminal
 * @param term - `TERM`: the Linux console has no title, and shows such sequences as letters
 */
export function titleControl(
  write: (text: string) => void,
  term: string | undefined,
): TitleControl {
  if (term === undefined || term === 'linux') return { set() {}, restore() {} };
  let isSaved = false;
  return {
    set(title) {
      write(`${isSaved ? '' : SAVE}\x1b]2;${title}\x07`);
      isSaved = true;
    },
    restore() {
      if (isSaved) write(RESTORE);
      isSaved = false;
    },
  };
}
