/**
 * `npm run interop [-- WORD...]`: Shoal with clients and trackers that others wrote, and with
 * attackers, on hosts of their own. Words pick the cases whose names contain all of them. Exit code 1 when one failed.
 */
import { browserCases } from './cases/browsers.ts';
import { commandsCases } from './cases/commands.ts';
import { discoveryCases } from './cases/discovery.ts';
import { encryptionCases } from './cases/encryption.ts';
import { fiveHostsCases } from './cases/five-hosts.ts';
import { hostilePeerCases } from './cases/hostile-peers.ts';
import { hostileRequestCases } from './cases/hostile-requests.ts';
import { ipv6OnlyCases } from './cases/ipv6-only.ts';
import { killAndResumeCases } from './cases/kill-and-resume.ts';
import { libtorrentCases } from './cases/libtorrent.ts';
import { magnetCases } from './cases/magnet.ts';
import { opentrackerAnswersCases } from './cases/opentracker-answers.ts';
import { packCases } from './cases/pack.ts';
import { privateAccountsCases } from './cases/private-accounts.ts';
import { slowSenderCases } from './cases/slow-senders.ts';
import { soakCases } from './cases/soaks.ts';
import { torrentFileCases } from './cases/torrent-files.ts';
import { HOST_COUNT, transferCases } from './cases/transfer.ts';
import { webSeedCases } from './cases/web-seed.ts';
import { clearStaleHosts, Hosts } from './hosts.ts';
import { runCases } from './runner.ts';

/** Cases at a time: they wait for the timers of other programs most of their time. */
const LANE_COUNT = 3;

async function main(words: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => stop.abort());
  }
  const all = [
    ...hostileRequestCases,
    ...soakCases,
    ...slowSenderCases,
    ...hostilePeerCases,
    ...torrentFileCases,
    ...packCases,
    ...opentrackerAnswersCases,
    ...browserCases,
    ...fiveHostsCases,
    ...killAndResumeCases,
    ...encryptionCases,
    ...webSeedCases,
    ...discoveryCases,
    ...magnetCases,
    ...privateAccountsCases,
    ...commandsCases,
    ...ipv6OnlyCases,
    ...libtorrentCases,
    ...transferCases,
  ];
  const cases = all.filter(({ name }) => words.every((word) => name.includes(word)));
  const obstacle = await Hosts.obstacle();
  const lanes: (Hosts | undefined)[] = [];
  try {
    if (obstacle === undefined) await clearStaleHosts();
    for (let lane = 0; lane < LANE_COUNT; lane += 1) {
      lanes.push(obstacle === undefined ? await Hosts.open(lane, HOST_COUNT) : undefined);
    }
    const tally = await runCases({
      cases,
      lanes,
      obstacle,
      isStrict: Boolean(process.env.CI),
      signal: stop.signal,
      print: (line) => console.log(line),
    });
    for (const name of tally.again) console.log(`FLAKY ${name}: passed at its second try`);
    if (tally.skipped > 0) console.log(`${tally.skipped} skipped`);
    console.log(`${tally.passed} passed, ${tally.failed} failed`);
    return tally.failed > 0 || stop.signal.aborted || cases.length === 0 ? 1 : 0;
  } finally {
    for (const hosts of lanes) await hosts?.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
