/**
 * The lists of the page: torrents, clients, requests. Text goes in as text, never as markup, and
 * rows are kept, so that what somebody has selected or focused stays so.
 */
import { formatCount, formatLength, formatShare, formatShortTime } from './format.js';

/** @typedef {import('../snapshot.ts').AdminSnapshot} AdminSnapshot */

const REQUEST_ROWS = /** @type {const} */ ([
  ['Announces', 'announces'],
  ['Scrapes', 'scrapes'],
  ['Refused', 'refusals'],
  ['Connects', 'connects'],
  ['Bad requests', 'badRequests'],
  ['Dropped packets', 'drops'],
  ['Passed on', 'relays'],
  ['Open connections', 'connectionCount'],
]);

const TRANSPORTS = /** @type {const} */ ({ http: 'HTTP', udp: 'UDP', ws: 'WebSocket' });

/** @param {AdminSnapshot['torrents']} torrents */
export function showTorrents(torrents) {
  const largest = torrents[0];
  const most = largest === undefined ? 1 : largest.seederCount + largest.leecherCount;
  const rows = keepRows(bodyOf('torrents'), torrents.length, newTorrentRow);
  for (const [
    index,
    { infoHash, seederCount, leecherCount, completedCount },
  ] of torrents.entries()) {
    const row = rows[index];
    const link = row?.querySelector('a');
    const bar = row?.querySelector('.bar');
    if (!(row && link && bar instanceof HTMLElement)) continue;
    const size = seederCount + leecherCount;
    setText(link, infoHash);
    link.href = `#${infoHash}`;
    link.title = infoHash;
    bar.style.setProperty('--share', `${size / most}`);
    bar.style.setProperty('--seeders', `${seederCount / size}`);
    for (const [cell, count] of [seederCount, leecherCount, completedCount].entries())
      setText(row.children[cell + 1], formatCount(count));
  }
  showElement('torrents', torrents.length > 0);
  showElement('no-torrents', torrents.length === 0);
}

/** @param {AdminSnapshot['clients']} clients */
export function showClients(clients) {
  const most = Math.max(...clients.map(({ share }) => share), 0);
  const rows = keepRows(byId('clients'), clients.length, newClientRow);
  for (const [index, { name, share, versions }] of clients.entries()) {
    const row = rows[index];
    if (row === undefined) continue;
    const [nameCell, versionsCell, shareCell, track] = row.children;
    setText(nameCell, name);
    setText(shareCell, formatShare(share));
    if (track instanceof HTMLElement) track.style.setProperty('--share', `${share / most}`);
    setText(versionsCell, formatVersions(versions));
  }
  showElement('no-clients', clients.length === 0);
}

/** A single version needs no share. @param {AdminSnapshot['clients'][number]['versions']} versions */
function formatVersions(versions) {
  if (versions.length === 1) return versions[0]?.version ?? '';
  return versions.map(({ version, share }) => `${version} ${formatShare(share)}`).join(' · ');
}

/** @param {AdminSnapshot['requests']} requests */
export function showRequests(requests) {
  /** @type {[string, Readonly<Record<string, number>>][]} */
  const columns = Object.entries(TRANSPORTS).flatMap(([name, title]) => {
    const counts = requests[/** @type {keyof typeof TRANSPORTS} */ (name)];
    return counts === undefined ? [] : [[title, { ...counts }]];
  });
  const shown = REQUEST_ROWS.filter(([, key]) => columns.some(([, counts]) => key in counts));
  const head = keepRows(byId('transports'), columns.length + 1, () => create('th'));
  for (const [index, [title]] of columns.entries()) setText(head[index + 1], title);
  const rows = keepRows(bodyOf('requests'), shown.length, newRequestRow);
  for (const [index, [title, key]] of shown.entries()) {
    const row = rows[index];
    if (row === undefined) continue;
    setText(row.children[0], title);
    const cells = keepRows(row, columns.length + 1, () => create('td'));
    for (const [column, [, counts]] of columns.entries()) {
      const count = counts[key];
      setText(cells[column + 1], count === undefined ? '' : formatCount(count));
    }
  }
}

/** @param {NonNullable<AdminSnapshot['processes']>} processes */
export function showProcesses(processes) {
  const rows = keepRows(bodyOf('processes'), processes.length, newProcessRow);
  for (const [index, { worker, cpuRatio, memoryLength, loopDelayS }] of processes.entries()) {
    const [name, cpu, memory, delay] = rows[index]?.children ?? [];
    setText(name, worker === 0 ? 'First' : `Worker ${worker}`);
    setText(cpu, formatShare(cpuRatio));
    setText(memory, formatLength(memoryLength));
    setText(delay, formatShortTime(loopDelayS));
  }
  showElement('processes', processes.length > 0);
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
}

/** @param {string} id @param {boolean} isShown */
export function showElement(id, isShown) {
  byId(id).hidden = !isShown;
}

/** Writes only what changed. @param {Element | undefined} element @param {string} text */
export function setText(element, text) {
  if (element !== undefined && element.textContent !== text) element.textContent = text;
}

/**
 * Adds or removes rows at the end. @returns the rows
 * @param {Element} parent
 * @param {number} count
 * @param {() => Element} create
 */
function keepRows(parent, count, create) {
  while (parent.children.length < count) parent.append(create());
  while (parent.children.length > count) parent.lastElementChild?.remove();
  return parent.children;
}

/** @param {string} id */
function bodyOf(id) {
  const body = byId(id).querySelector('tbody');
  if (body === null) throw new Error(`no rows in ${id}`);
  return body;
}

function newTorrentRow() {
  const row = create('tr', '', [create('td'), create('td'), create('td'), create('td')]);
  row.children[0]?.append(create('a'), create('div', 'bar', [create('span')]));
  return row;
}

function newClientRow() {
  return create('li', '', [
    create('span', 'name'),
    create('span', 'versions'),
    create('span', 'share'),
    create('div', 'track', [create('span')]),
  ]);
}

function newProcessRow() {
  const row = newRequestRow();
  row.append(create('td'), create('td'), create('td'));
  return row;
}

function newRequestRow() {
  const title = create('th');
  title.setAttribute('scope', 'row');
  return create('tr', '', [title]);
}

/** @param {string} name @param {string} className @param {readonly Element[]} children */
function create(name, className = '', children = []) {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}
