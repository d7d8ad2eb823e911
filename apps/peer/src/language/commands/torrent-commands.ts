/** Stops and starts a torrent, checks it, shows its log. */
import { cleanText, formatPercent } from '@shoal/cli';
import type { TorrentHandle } from '@shoal/engine';
import { isNothingWanted } from '../../nothing-wanted.ts';
import { formatNoun } from '../../tui/format/numbers.ts';
import { formatClock } from '../../tui/format/time.ts';
import { type Answer, type Answers, say, saySoFar } from '../answer.ts';
import { optional } from '../argument.ts';
import { sourceArgument } from '../arguments/path-argument.ts';
import { choiceArgument } from '../arguments/word-arguments.ts';
import { command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { formatTable } from '../text/table.ts';

const LOOK_EVERY_MS = 200;

export const add = command({
  name: 'add',
  section: 'torrents',
  summary: 'adds a torrent file, a folder of them, a magnet, an infohash or a URL',
  answers: '`Peer[me] added NAME (infohash)`',
  examples: ['/add ~/reef.torrent', '/add magnet:?xt=urn:btih:…'],
  arguments: [sourceArgument],
  async *run({ host }, source) {
    for (const torrent of await host.add(source)) {
      const { infoHash, name } = torrent.getSummary();
      host.view(infoHash);
      yield say(`Peer[me] added ${cleanText(name)} (${infoHash})`, { infoHash, name });
    }
  },
});

export const pause = command({
  name: 'pause',
  section: 'torrents',
  summary: 'closes the peers of the torrent, or of all, and says `stopped` to the trackers',
  answers: '`NAME is paused`, or how many are',
  examples: ['/pause', '/pause all'],
  arguments: [optional(choiceArgument('all'))],
  async *run(context, all) {
    const torrents = context.torrents(all);
    for (const torrent of torrents) torrent.pause();
    yield actedOn(torrents, all, ['is paused', 'are paused']);
  },
});

export const resume = command({
  name: 'resume',
  section: 'torrents',
  summary: 'lets a paused torrent go on, or one that stopped with an error, or all of them',
  answers: '`NAME goes on`, or how many do',
  examples: ['/resume', '/resume all'],
  arguments: [optional(choiceArgument('all'))],
  async *run(context, all) {
    const torrents = context.torrents(all);
    for (const torrent of torrents) torrent.resume();
    yield actedOn(torrents, all, ['goes on', 'go on']);
  },
});

export const verify = command({
  name: 'verify',
  section: 'torrents',
  summary: 'hashes again all that lies on disk',
  answers: 'progress, then how many pieces are good',
  examples: ['/verify'],
  arguments: [],
  async *run(context) {
    await context.content();
    const torrent = context.torrent();
    let isOver = false;
    const done = torrent.verify().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await context.within(LOOK_EVERY_MS, done);
      const { checkedFraction } = torrent.getSummary();
      if (!isOver) yield saySoFar(`checked ${formatPercent(checkedFraction)}`, { checkedFraction });
    }
    const { name, havePieceCount, pieceCount } = torrent.getSummary();
    yield say(`${cleanText(name)}: ${havePieceCount} of ${pieceCount} pieces are good`, {
      havePieceCount,
      pieceCount,
    });
  },
});

export const wait = command({
  name: 'wait',
  section: 'torrents',
  summary: 'waits until all that is wanted is here: for scripts',
  answers: 'progress, then `NAME is complete`',
  examples: ['/wait', '/wait --torrent reef'],
  arguments: [],
  run: (context) => waitUntilComplete(context, context.runningTorrent()),
});

export const log = command({
  name: 'log',
  section: 'torrents',
  summary: 'shows what has happened to the torrent',
  answers: 'time, level and text, one event a line',
  examples: ['/log'],
  arguments: [],
  async *run(context) {
    const { name, log: lines } = await context.detail();
    if (lines.length === 0) yield say(`The log of ${cleanText(name)} is empty`, { lines });
    else
      yield say(
        formatTable(
          lines.map(({ atMs, level, text }) => [formatClock(atMs), level, cleanText(text)]),
        ),
        { lines },
      );
  },
});

/** `NAME is paused`; of all, `12 torrents are paused`. @param words - of one, and of several */
function actedOn(
  torrents: readonly TorrentHandle[],
  all: 'all' | undefined,
  words: readonly [string, string],
): Answer {
  const acted = torrents.map((torrent) => {
    const { name, status } = torrent.getSummary();
    return { name, status };
  });
  if (all === undefined) return say(`${cleanText(acted[0]!.name)} ${words[0]}`, acted[0]);
  const count = formatNoun(acted.length, 'torrent');
  return say(`${count} ${words[acted.length === 1 ? 0 : 1]}`, { torrents: acted });
}

async function* waitUntilComplete(context: CommandContext, torrent: TorrentHandle): Answers {
  for (;;) {
    const summary = torrent.getSummary();
    const { name, status, haveLength, wantedLength } = summary;
    if (isNothingWanted(summary))
      throw new CommandError(
        'not-now',
        `No file of ${cleanText(name)} is selected`,
        'select some with /select',
      );
    if (status === 'seeding') {
      yield say(`${cleanText(name)} is complete`, { haveLength, wantedLength });
      return;
    }
    if (status !== 'checking') context.runningTorrent();
    const share = wantedLength === 0 ? 0 : haveLength / wantedLength;
    yield saySoFar(`${cleanText(name)} ${formatPercent(share)}`, { haveLength, wantedLength });
    await context.sleep(LOOK_EVERY_MS);
  }
}
