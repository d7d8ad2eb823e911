/** The admin page: shows each snapshot that the tracker sends. */
import { Chart } from './chart.js';
import {
  formatCount,
  formatDuration,
  formatLength,
  formatNoun,
  formatRate,
  formatShare,
  formatShortTime,
} from './format.js';
import {
  byId,
  setText,
  showClients,
  showElement,
  showProcesses,
  showRequests,
  showTorrents,
} from './lists.js';
import { Search } from './search.js';

/** @typedef {import('../snapshot.ts').AdminSnapshot} AdminSnapshot */

const chart = new Chart(byId('chart'));
const search = new Search();
const events = new EventSource('/events');

events.addEventListener('message', ({ data }) => {
  show(JSON.parse(data));
  setLive('live');
});
events.addEventListener('error', () => setLive('connecting again'));

/** @param {AdminSnapshot} snapshot */
function show(snapshot) {
  showFigures(snapshot);
  chart.update(snapshot.announceHistory);
  setText(byId('peak'), `peak ${formatRate(chart.peak)} a second`);
  showTorrents(snapshot.torrents);
  showClients(snapshot.clients);
  showProcesses(snapshot.processes ?? []);
  showRequests(snapshot.requests);
  showElement('unshared', snapshot.sharing?.isReachable === false);
  search.refresh();
  const { version, nodeVersion, uptimeS } = snapshot;
  setText(
    byId('about'),
    `Shoal ${version} · Node.js ${nodeVersion} · up ${formatDuration(uptimeS)}`,
  );
}

/** @param {AdminSnapshot} snapshot */
function showFigures(snapshot) {
  const { seederCount, leecherCount } = snapshot;
  const peerCount = seederCount + leecherCount;
  setText(byId('swarms'), formatCount(snapshot.swarmCount));
  setText(byId('peers'), formatCount(snapshot.peerCount));
  setText(byId('seeders'), formatNoun(seederCount, 'seeder'));
  setText(byId('leechers'), formatNoun(leecherCount, 'leecher'));
  byId('roles').classList.toggle('none', peerCount === 0);
  byId('roles').style.setProperty('--share', `${seederCount / Math.max(1, peerCount)}`);
  setText(byId('announces'), formatRate(snapshot.announcesPerS));
  const { scrapesPerS, refusalsPerS } = snapshot;
  setText(byId('scrapes'), `${formatRate(scrapesPerS)} scrapes`);
  setText(byId('refusals'), `${formatRate(refusalsPerS)} refused`);
  setText(byId('cpu'), formatShare(snapshot.cpuRatio));
  const { answerTimes: times } = snapshot;
  const halfAndMost = times && [formatShortTime(times.p50S), formatShortTime(times.p99S)];
  setText(
    byId('answer-times'),
    halfAndMost ? `answers p50 ${halfAndMost[0]} · p99 ${halfAndMost[1]}` : '',
  );
  setText(byId('memory'), `${formatLength(snapshot.memoryLength)} of memory`);
}

/** @param {'live' | 'connecting again'} text */
function setLive(text) {
  const isLive = text === 'live';
  setText(byId('live'), text);
  byId('live').classList.toggle('on', isLive);
  byId('main').classList.toggle('waiting', !isLive);
}
