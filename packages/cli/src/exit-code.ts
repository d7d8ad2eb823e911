/** The exit codes of every Shoal command line: scripts depend on them. */

/** Why a program ended, as a number for the shell. */
export const ExitCode = {
  done: 0,
  error: 1,
  /** An unknown flag or command, a missing argument. */
  usage: 2,
  /** Ctrl-C or a signal before everything was complete. */
  stopped: 7,
  diskFull: 9,
  badBencode: 25,
  badTorrent: 26,
  badMagnet: 27,
  /** A flag that is known, with a value that is not one of its values. */
  badOption: 28,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
