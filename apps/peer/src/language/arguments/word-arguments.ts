/** Arguments of one word that need no torrent: rates, numbers, URLs, and one of a few words. */
import { parseNumberRanges, parseRateLimit, trackerUrls } from '@shoal/cli';
import { isBareRate } from '../../bare-rate.ts';
import { type Argument, oneWord } from '../argument.ts';
import { CommandError } from '../command-error.ts';

/** Bytes a second; undefined is no limit. */
export const rateArgument: Argument<number | undefined> = oneWord({
  usage: 'RATE',
  read(word) {
    if (isBareRate(word)) throw bare(word);
    return reading(word, 'is no rate', 'write one such as 5M or 512K, or none', () => {
      const bytesPerS = parseRateLimit(word);
      return bytesPerS === 0 ? undefined : bytesPerS;
    });
  },
  complete: () => ['none', '512K', '1M', '5M', '20M'].map((text) => ({ text })),
});

function bare(word: string): CommandError {
  const number = Number.parseFloat(word);
  const nextStep = `write ${number}K or ${number}M, or ${number}B if bytes are meant`;
  return new CommandError('bad-argument', `"${word}" has no unit`, nextStep);
}

/** Numbers of files from 1 on, or `all`. */
export const selectionArgument: Argument<readonly number[] | 'all'> = oneWord({
  usage: 'SELECTION',
  read: (word) =>
    word === 'all'
      ? 'all'
      : reading(word, 'is no selection', 'write one such as 1-3,5, or all', () =>
          parseNumberRanges(word),
        ),
  complete: () => [{ text: 'all' }],
});

/** Where a tracker is reached. */
export const urlArgument: Argument<string> = oneWord({
  usage: 'URL',
  read(word) {
    const nextStep = 'write one such as http://tracker.example:6969/announce';
    return reading(word, 'is no tracker URL', nextStep, () => trackerUrls(word)[0]!);
  },
  complete: (context) =>
    context
      .torrent()
      .getDetail()
      .trackers.map(({ url }) => ({ text: url })),
});

/** One of a few words. */
export function choiceArgument<const T extends string>(...words: readonly T[]): Argument<T> {
  return oneWord({
    usage: words.join('|'),
    read(word) {
      const choice = words.find((candidate) => candidate === word);
      if (choice !== undefined) return choice;
      const nextStep =
        words.length === 1 ? `write ${words[0]}` : `write one of ${words.join(', ')}`;
      throw new CommandError('bad-argument', `"${word}" is unknown here`, nextStep);
    },
    complete: () => words.map((text) => ({ text })),
  });
}

/** The readers of the command line's flags throw errors of their own, which name flags. */
function reading<T>(word: string, what: string, nextStep: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CommandError('bad-argument', `"${word}" ${what}`, nextStep, cause);
  }
}
