/** The commands between this peer and its trackers. */
import { cleanText, formatByteSize } from '@shoal/cli';
import type { TorrentHandle, TrackerSnapshot } from '@shoal/engine';
import { type Answer, say } from '../answer.ts';
import { optional } from '../argument.ts';
import { urlArgument } from '../arguments/word-arguments.ts';
import { command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { ME, trackerName } from '../text/peer-text.ts';
import { announceRound, demandTracker, isConnected, type RoundResult } from './announce-round.ts';
import { peerSet } from './peer-set.ts';

/** Trackers may take this long to hear `stopped`. */
const GOODBYE_MS = 3_000;
const PEER_SET = 'the peer set, one peer a line';

export const connectTracker = command({
  name: 'connect_tracker',
  section: 'tracker',
  summary: 'announces `started`, to URL too if it is given, then runs /get_peer_set',
  answers: '`Tracker URL established connection to Peer[me]`',
  examples: ['/connect_tracker', '/connect_tracker http://192.0.2.1:6969/announce'],
  arguments: [optional(urlArgument)],
  async *run(context, url) {
    const torrent = context.runningTorrent();
    const { name, trackers } = await context.detail(torrent);
    if (url === undefined && trackers.length === 0)
      throw new CommandError(
        'no-tracker',
        `${name} has no tracker`,
        'add one with /connect_tracker URL',
      );
    const results = await connect(context, torrent, url);
    yield* connections(
      results.map(({ tracker }) => tracker),
      name,
    );
    yield peerSet(torrent);
  },
});

export const getPeerSet = command({
  name: 'get_peer_set',
  section: 'tracker',
  summary: 'announces, takes the peer list and updates the peer set',
  answers: PEER_SET,
  examples: ['/get_peer_set'],
  arguments: [],
  async *run(context) {
    const { torrent, results } = await update(context);
    for (const { tracker, isHeard } of results)
      if (!isHeard) yield notYet(tracker, 'it is asked for peers then');
      else if (!isConnected(tracker)) yield unanswered(tracker);
    yield peerSet(torrent);
  },
});

export const updateStatusToTracker = command({
  name: 'update_status_to_tracker',
  section: 'tracker',
  summary: 'announces uploaded, downloaded and left, then runs /get_peer_set',
  answers: '`Tracker URL updated Peer[me] status`',
  examples: ['/update_status_to_tracker'],
  arguments: [],
  async *run(context) {
    const { torrent, results } = await update(context);
    for (const { tracker, isHeard } of results) {
      const { url, reported } = tracker;
      if (!isHeard) yield notYet(tracker, `${ME} status goes to it then`);
      else if (!isConnected(tracker) || reported === undefined) yield unanswered(tracker);
      else {
        const { uploaded, downloaded, left } = reported;
        yield say(
          `${trackerName(url)} updated ${ME} status: ${formatByteSize(uploaded)} uploaded, ${formatByteSize(downloaded)} downloaded, ${formatByteSize(left)} left`,
          { url, uploaded, downloaded, left },
        );
      }
    }
    yield peerSet(torrent);
  },
});

export const disconnectTracker = command({
  name: 'disconnect_tracker',
  section: 'tracker',
  summary: 'announces `stopped` and no more; transfers with peers go on',
  answers: '`Peer[me] disconnected from tracker URL`',
  examples: ['/disconnect_tracker'],
  arguments: [],
  async *run(context) {
    const torrent = context.runningTorrent();
    const connected = await demandTracker(context, torrent);
    await context.within(GOODBYE_MS, torrent.byHand.disconnectTracker());
    for (const { url } of connected)
      yield say(`${ME} disconnected from tracker ${cleanText(url)}`, { url });
  },
});

export const quitTorrent = command({
  name: 'quit_torrent',
  section: 'tracker',
  summary: 'announces `stopped`, closes the peers, keeps the state; the last one ends the program',
  answers: '`Peer[me] quit torrent NAME`',
  examples: ['/quit_torrent', '/quit_torrent --torrent reef'],
  arguments: [],
  async *run(context) {
    const torrent = context.torrent();
    const { infoHash, name, status, trackers } = await context.detail(torrent);
    const isRunning = status === 'downloading' || status === 'seeding' || status === 'metadata';
    if (isRunning && trackers.length > 0 && !trackers.some(isConnected))
      await connect(context, torrent, undefined);
    await context.engine.remove(infoHash);
    yield say(`${ME} quit torrent ${cleanText(name)}`, { infoHash, name });
    if (context.engine.getSnapshot().torrents.length === 0) context.host.quit();
  },
});

function connect(
  context: CommandContext,
  torrent: TorrentHandle,
  url: string | undefined,
): Promise<readonly RoundResult[]> {
  return announceRound(context, torrent, () => torrent.byHand.connectTracker(url), url);
}

async function update(
  context: CommandContext,
): Promise<{ torrent: TorrentHandle; results: readonly RoundResult[] }> {
  const torrent = context.runningTorrent();
  const connected = new Set((await demandTracker(context, torrent)).map(({ url }) => url));
  const results = await announceRound(context, torrent, () => torrent.byHand.updateTracker());
  return { torrent, results: results.filter(({ tracker }) => connected.has(tracker.url)) };
}

/** Those that answered well and those that did not. @throws CommandError when none answered well */
function* connections(trackers: readonly TrackerSnapshot[], name: string): Generator<Answer> {
  const failed = trackers.filter(({ message }) => message !== undefined);
  if (!trackers.some(isConnected)) {
    const [first, ...others] = failed;
    const whose =
      first === undefined || others.length > 0
        ? `No tracker of ${name} answered`
        : `Tracker ${first.url} did not answer`;
    const why = first === undefined ? '' : `: ${first.message}`;
    throw new CommandError('no-tracker', whose + why, 'check the URL or try again later');
  }
  for (const tracker of trackers)
    if (isConnected(tracker)) {
      const { url, seederCount, leecherCount } = tracker;
      const fields = { url, seederCount, leecherCount };
      yield say(`${trackerName(url)} established connection to ${ME}`, fields);
    } else if (tracker.message !== undefined) yield unanswered(tracker);
}

function notYet({ url }: TrackerSnapshot, what: string): Answer {
  const text = `${trackerName(url)} allows no announce before its minimum interval is over; ${what}`;
  return say(text, { url, isPending: true });
}

function unanswered({ url, message }: TrackerSnapshot): Answer {
  return say(`${trackerName(url)} did not answer: ${cleanText(message ?? 'no reason given')}`, {
    url,
    message,
  });
}
