/**
 * The same announces and scrapes to opentracker and shoal-tracker: counts, fields and peers must be
 * equal, but for what is written down here, which must differ as it says.
 *
 * | question | opentracker | shoal-tracker |
 * |---|---|---|
 * | any announce over HTTP | - | `external ip` (BEP 24) |
 * | interval | by up to 300 s more or less | by up to a twentieth less |
 * | any announce | the asking peer is among the peers | it is not |
 * | announce of a seeder | seeders are among the peers | they are not |
 * | `stopped` over HTTP | no `downloaded` | with it, as in any other |
 * | `compact=0` | 400 | the list of dicts of BEP 3 |
 * | port 0 | taken, and given to others | refused |
 * | `info_hash` of a wrong length | 400 | a failure reason |
 * | HTTP scrape of an unknown torrent | left out | counts of 0 |
 */
import { deepStrictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import type { Host } from '../hosts.ts';
import type { Question, RawAnswer } from '../tracker-answers/question.ts';
import { type Answer, readAnswer } from '../tracker-answers/read-answer.ts';
import { opentracker } from '../trackers/opentracker.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import { TRACKER_PORT } from '../trackers/tracker.ts';

const TRACKED = 'aa'.repeat(20);
const UNKNOWN = 'bb'.repeat(20);
const ASK = join(import.meta.dirname, '..', 'tracker-answers', 'ask.ts');
/** opentracker's own interval and by how much it may be off, in seconds. */
const THEIR_INTERVAL_S = 1800;
const THEIR_JITTER_S = 300;

const SEEDERS: ReadonlySet<number> = new Set([1003, 1005]);

const ALIKE: readonly Question[] = [
  { type: 'announce', via: 'http', port: 1001, left: 100, event: 'started' },
  { type: 'announce', via: 'http', port: 1002, left: 100, event: 'started' },
  { type: 'announce', via: 'http', port: 1003, left: 0, event: 'started' },
  { type: 'announce', via: 'udp', port: 1004, left: 100, event: 'started' },
  { type: 'announce', via: 'udp', port: 1005, left: 0, event: 'started' },
  { type: 'announce', via: 'http', port: 1004, left: 100, more: 'supportcrypto=1&key=1' },
  { type: 'announce', via: 'http', port: 1004, left: 100, numWant: 0 },
  { type: 'scrape', via: 'http', infoHashes: [TRACKED] },
  { type: 'scrape', via: 'udp', infoHashes: [TRACKED, UNKNOWN] },
  { type: 'announce', via: 'http', port: 1004, left: 0, event: 'completed', numWant: 0 },
  { type: 'announce', via: 'udp', port: 1002, left: 100, event: 'stopped' },
  { type: 'announce', via: 'http', port: 1001, left: 100, event: 'stopped' },
  { type: 'scrape', via: 'http', infoHashes: [TRACKED] },
  { type: 'scrape', via: 'udp', infoHashes: [TRACKED] },
];

/** Asked last, because port 0 stays with opentracker. */
const UNLIKE: readonly Question[] = [
  { type: 'announce', via: 'http', port: 1006, left: 100, more: 'compact=0' },
  {
    type: 'raw',
    via: 'http',
    target: '/announce?info_hash=abc&peer_id=-XX0001-000000001001&port=1',
  },
  { type: 'scrape', via: 'http', infoHashes: [TRACKED, UNKNOWN] },
  { type: 'raw', via: 'http', target: '/announce?port=1001' },
  { type: 'raw', via: 'http', target: '/nothing' },
  { type: 'announce', via: 'http', port: 0, left: 100 },
];

async function ask(arena: Arena, from: Host, tracker: Host): Promise<Answer[]> {
  const questions = [...ALIKE, ...UNLIKE];
  const questionnaire = { host: tracker.v4, port: TRACKER_PORT, infoHash: TRACKED, questions };
  const said = await arena.ask(from, [process.execPath, ASK, JSON.stringify(questionnaire)]);
  const raw = JSON.parse(said) as RawAnswer[];
  return raw.map((answer, index) => readAnswer(questions[index] as Question, answer));
}

/** What opentracker would have said if it differed from us in nothing that is written down. */
function withoutDifferences(question: Question, theirs: Answer): Answer {
  const { interval, 'min interval': minInterval, ...counts } = theirs.counts;
  if (question.type !== 'announce') return theirs;
  const isSeeder = question.left === 0;
  const isAsking = (port: number): boolean => port === question.port;
  if (question.event !== 'stopped' && (question.numWant ?? 50) > 0) {
    demand(theirs.peers.some(isAsking), 'opentracker names the asking peer', question);
  }
  return {
    ...theirs,
    counts,
    keys: theirs.keys.filter((key) => key !== 'downloaded'),
    peers: theirs.peers.filter((port) => !isAsking(port) && !(isSeeder && SEEDERS.has(port))),
  };
}

/** Our answer without what opentracker's has not, once that was seen to be right. */
function withoutOurs(question: Question, ours: Answer): Answer {
  if (question.type !== 'announce') return ours;
  const { interval, 'min interval': minInterval, ...counts } = ours.counts;
  if (question.via === 'http') {
    demand(ours.keys.includes('external ip'), 'shoal-tracker says the external ip', question);
    demand(ours.keys.includes('downloaded'), 'shoal-tracker says downloaded', question);
  }
  const isOurs = (key: string): boolean => ['external ip', 'downloaded'].includes(key);
  return { ...ours, counts, keys: ours.keys.filter((key) => !isOurs(key)) };
}

function compareAlike(question: Question, ours: Answer, theirs: Answer): void {
  const { interval } = theirs.counts;
  if (question.type === 'announce') {
    const offS = Math.abs((interval ?? 0) - THEIR_INTERVAL_S);
    demand(offS <= THEIR_JITTER_S, `opentracker's interval of ${interval} s`, question);
    if (question.via === 'http' && question.event === 'stopped') {
      demand(theirs.counts.downloaded === undefined, 'opentracker leaves out downloaded', question);
    } else {
      deepStrictEqual(ours.counts.downloaded, theirs.counts.downloaded, JSON.stringify(question));
    }
  }
  const plain = ({ counts: { downloaded, ...counts }, ...answer }: Answer): object => {
    return { ...answer, counts };
  };
  deepStrictEqual(
    plain(withoutOurs(question, ours)),
    plain(withoutDifferences(question, theirs)),
    `${JSON.stringify(question)}\nshoal-tracker: ${JSON.stringify(ours)}\nopentracker: ${JSON.stringify(theirs)}`,
  );
}

function compareUnlike(ours: readonly Answer[], theirs: readonly Answer[]): void {
  const [dicts, short, scrape, without, nowhere, portless] = UNLIKE.map((question, index) => ({
    question,
    ours: ours[index] as Answer,
    theirs: theirs[index] as Answer,
  }));
  const check = (what: string, isSo: boolean, row = dicts): void =>
    demand(isSo, `${what}: ${JSON.stringify(row)}`, row?.question);
  check('compact=0', dicts?.theirs.status === 400 && dicts.ours.status === 200);
  check('all three seeders as dicts', dicts?.ours.peers.join() === '1003,1004,1005');
  check('a short infohash', short?.theirs.status === 400 && Boolean(short.ours.failure), short);
  check(
    'opentracker leaves it out',
    !(`${UNKNOWN} complete` in (scrape?.theirs.counts ?? {})),
    scrape,
  );
  check('counts of 0', scrape?.ours.counts[`${UNKNOWN} complete`] === 0, scrape);
  check('no infohash', Boolean(without?.theirs.failure && without.ours.failure), without);
  check('not found', nowhere?.theirs.status === 404 && nowhere.ours.status === 404, nowhere);
  check(
    'port 0',
    portless?.theirs.peers.includes(0) === true && Boolean(portless.ours.failure),
    portless,
  );
}

function demand(isSo: boolean, what: string, question: Question | undefined): void {
  if (!isSo) throw new Error(`not so: ${what} (${JSON.stringify(question)})`);
}

export const opentrackerAnswersCases: readonly Case[] = [
  {
    name: 'the same announces and scrapes: shoal-tracker answers as opentracker does',
    needs: ['opentracker'],
    needsHosts: true,
    limitS: 40,
    run: async (arena) => {
      const [first, second, third] = [1, 2, 3].map((n) => arena.host(n)) as [Host, Host, Host];
      await opentracker.start(arena, first, [TRACKED]);
      await shoalTracker.start(arena, second, [TRACKED]);
      const theirs = await ask(arena, third, first);
      const ours = await ask(arena, third, second);
      for (const [index, question] of ALIKE.entries()) {
        compareAlike(question, ours[index] as Answer, theirs[index] as Answer);
      }
      compareUnlike(ours.slice(ALIKE.length), theirs.slice(ALIKE.length));
    },
  },
];
