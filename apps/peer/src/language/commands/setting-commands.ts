/** How a torrent is fetched: limits, order, selection, priorities. */
import { cleanText, formatByteSize, formatNumberRanges, formatRate } from '@shoal/cli';
import type { FilePriority, Limits } from '@shoal/engine';
import { say } from '../answer.ts';
import { optional } from '../argument.ts';
import { fileArgument } from '../arguments/file-argument.ts';
import { choiceArgument, rateArgument, selectionArgument } from '../arguments/word-arguments.ts';
import { command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';

const PRIORITIES: readonly FilePriority[] = ['off', 'low', 'normal', 'high'];

export const limit = command({
  name: 'limit',
  section: 'torrents',
  summary: 'limits the rate of the torrent, or of all together',
  answers: '`NAME: down limit 5.0 MiB/s`',
  examples: ['/limit down 5M', '/limit up 1M', '/limit up none', '/limit down 20M all'],
  arguments: [choiceArgument('down', 'up'), rateArgument, optional(choiceArgument('all'))],
  async *run(context, direction, bytesPerS, all) {
    const limits: Partial<Limits> =
      direction === 'down' ? { downBytesPerS: bytesPerS } : { upBytesPerS: bytesPerS };
    const scope = all === undefined ? context.torrent() : context.engine;
    scope.setLimits(limits);
    const whose = 'getSummary' in scope ? cleanText(scope.getSummary().name) : 'All torrents';
    const rate = bytesPerS === undefined ? 'none' : formatRate(bytesPerS);
    const fields = { direction, bytesPerS: bytesPerS ?? 0 };
    yield say(`${whose}: ${direction} limit ${rate}${sharedLimit(context, fields, all)}`, fields);
  },
});

/** The limit of all together, when it holds a torrent back before its own does. */
function sharedLimit(
  { engine }: CommandContext,
  own: { readonly direction: 'down' | 'up'; readonly bytesPerS: number },
  all: string | undefined,
): string {
  const { limits } = engine.getSnapshot();
  const shared = own.direction === 'down' ? limits.downBytesPerS : limits.upBytesPerS;
  if (all !== undefined || shared === undefined) return '';
  if (own.bytesPerS > 0 && own.bytesPerS <= shared) return '';
  return `; all together may take ${formatRate(shared)}`;
}

export const sequential = command({
  name: 'sequential',
  section: 'torrents',
  summary: 'fetches the pieces in order, or the rarest first',
  answers: '`NAME is fetched in order` or `NAME is fetched rarest first`',
  examples: ['/sequential on', '/sequential off'],
  arguments: [choiceArgument('on', 'off')],
  async *run(context, word) {
    const torrent = context.torrent();
    const isOn = word === 'on';
    torrent.setSequential(isOn);
    const how = isOn ? 'in order' : 'rarest first';
    const { name } = torrent.getSummary();
    yield say(`${cleanText(name)} is fetched ${how}`, { sequential: isOn });
  },
});

export const select = command({
  name: 'select',
  section: 'torrents',
  summary: 'fetches only these files, by their numbers in /see_torrent_struct',
  answers: 'how many files and bytes are wanted now',
  examples: ['/select 1-3', '/select 1-3,5', '/select all'],
  arguments: [selectionArgument],
  async *run(context, numbers) {
    const { files, name } = await context.content();
    const torrent = context.torrent();
    const wanted = new Set(
      numbers === 'all' ? files.map(({ index }) => index) : numbers.map((number) => number - 1),
    );
    const known = new Set(files.map(({ index }) => index));
    const unknown = [...wanted].filter((index) => !known.has(index));
    if (unknown.length > 0)
      throw new CommandError(
        'bad-argument',
        `${cleanText(name)} has no file ${formatNumberRanges(unknown.map((index) => index + 1))}`,
        'see the numbers with /see_torrent_struct',
      );
    const changed = files.filter(
      ({ index, priority }) => wanted.has(index) === (priority === 'off'),
    );
    torrent.setFilePriorities(
      new Map(changed.map(({ index }) => [index, wanted.has(index) ? 'normal' : 'off'])),
    );
    const { wantedLength } = torrent.getSummary();
    const count = `${wanted.size} of ${files.length} files`;
    yield say(`${cleanText(name)}: ${count} selected, ${formatByteSize(wantedLength)}`, {
      selected: [...wanted].map((index) => index + 1),
      wantedLength,
    });
  },
});

export const priority = command({
  name: 'priority',
  section: 'torrents',
  summary: 'says which file comes first, and which not at all',
  answers: '`FILE has priority high`',
  examples: ['/priority a.bin high', '/priority 3 off'],
  arguments: [fileArgument, choiceArgument(...PRIORITIES)],
  async *run(context, { index, path }, level) {
    context.torrent().setFilePriority(index, level);
    yield say(`${cleanText(path)} has priority ${level}`, {
      file: index + 1,
      path,
      priority: level,
    });
  },
});
