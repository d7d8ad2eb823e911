/** Stops and starts a torrent, checks it, shows its log. */
import { cleanText, formatPercent } from '@shoal/cli';
import type { TorrentHandle } from '@shoal/engine';
import { isNothingWanted } from '../../nothing-wanted.ts';
import { formatClock } from '../../tui/format/time.ts';
import { type Answers, say, saySoFar } from '../answer.ts';
import { sourceArgument } from '../arguments/path-argument.ts';
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
  summary: 'closes the peers of the torrent and says `stopped` to its trackers',
  answers: '`NAME is paused`',
  examples: ['/pause'],
  arguments: [],
  async *run(context) {
    const torrent = context.torrent();
    torrent.pause();
    const { name, status } = torrent.getSummary();
    yield say(`${cleanText(name)} is paused`, { name, status });
  },
});

export const resume = command({
  name: 'resume',
  section: 'torrents',
  summary: 'lets a paused torrent go on, or one that stopped with an error',
  answers: '`NAME goes on`',
  examples: ['/resume'],
  arguments: [],
  async *run(context) {
    const torrent = context.torrent();
    torrent.resume();
    const { name, status } = torrent.getSummary();
    yield say(`${cleanText(name)} goes on`, { name, status });
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
