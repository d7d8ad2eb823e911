/** Why a torrent stopped: the cause first, for what comes last is cut on a narrow screen. */

export interface StopReason {
  /** One sentence; may hold names from the torrent as they are. */
  readonly text: string;
  /** What to do about it. */
  readonly advice: string;
}

const TRY_AGAIN = 'press p to try again';

/** What the disk's errors end with, and the way out of each. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['the disk is full', 'free some space: it tries again every minute, and at once with p'],
  ['permission denied', 'let this user write there, then press p'],
  ['too many open files', 'raise the limit of open files, then press p'],
  ['not a plain file in plain folders', 'move what lies there out of the way, then press p'],
  ['not there', 'press p: what is left is checked, the rest is fetched again'],
]);

/** @param message - of the error, such as `cannot write a/b.bin: the disk is full` */
export function stopReason(message: string | undefined): StopReason {
  if (message === undefined) return { text: 'it does not say why', advice: TRY_AGAIN };
  for (const [cause, advice] of ADVICE) {
    if (message.endsWith(`: ${cause}`))
      return { text: `${cause}: ${message.slice(0, -cause.length - 2)}`, advice };
  }
  return { text: message, advice: TRY_AGAIN };
}
