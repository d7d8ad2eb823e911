/** Looks up one torrent, named by what is typed or by the end of the address: `/#INFOHASH`. */
import { formatCount, readInfoHash } from './format.js';
import { byId, setText, showElement } from './lists.js';

const HINT = 'An infohash has 40 hex digits; a magnet will do too.';
/** A shown torrent is looked up again after so many events. */
const REFRESH_EVENTS = 5;

export class Search {
  #input = /** @type {HTMLInputElement} */ (byId('query'));
  /** @type {string | undefined} */
  #shown;
  #eventCount = 0;

  constructor() {
    byId('search').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#read(true);
    });
    this.#input.addEventListener('input', () => this.#read(false));
    byId('dismiss').addEventListener('click', () => this.#clear());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#clear();
    });
    window.addEventListener('hashchange', () => this.#readAddress());
    this.#readAddress();
  }

  /** A second has passed. */
  refresh() {
    this.#eventCount++;
    if (this.#shown !== undefined && this.#eventCount % REFRESH_EVENTS === 0)
      void this.#find(this.#shown);
  }

  #readAddress() {
    const infoHash = readInfoHash(location.hash.slice(1));
    if (infoHash === undefined || infoHash === this.#shown) return;
    this.#input.value = infoHash;
    setText(byId('hint'), '');
    void this.#find(infoHash);
    byId('found').scrollIntoView({ block: 'nearest' });
  }

  /** @param {boolean} isDone whether the person is done typing */
  #read(isDone) {
    const text = this.#input.value.trim();
    const infoHash = readInfoHash(text);
    const isWrong = text !== '' && infoHash === undefined && (isDone || text.length > 40);
    setText(byId('hint'), isWrong ? HINT : '');
    if (infoHash !== undefined) void this.#find(infoHash);
    else if (text === '') this.#clear();
  }

  #clear() {
    this.#shown = undefined;
    this.#input.value = '';
    setText(byId('hint'), '');
    showElement('found', false);
    if (location.hash !== '') history.replaceState(null, '', location.pathname);
  }

  /** @param {string} infoHash */
  async #find(infoHash) {
    this.#shown = infoHash;
    const found = await fetchTorrent(infoHash);
    if (this.#shown !== infoHash || found === undefined) return;
    setText(byId('found-hash'), infoHash);
    setText(byId('found-seeders'), formatCount(found.seederCount ?? 0));
    setText(byId('found-leechers'), formatCount(found.leecherCount ?? 0));
    setText(byId('found-completed'), formatCount(found.completedCount ?? 0));
    showElement('found-none', !found.isKnown);
    showElement('found-counts', found.isKnown);
    showElement('found', true);
  }
}

/**
 * @param {string} infoHash
 * @returns {Promise<{ isKnown: boolean, seederCount?: number, leecherCount?: number, completedCount?: number } | undefined>}
 *   undefined when the tracker cannot be reached: the page says so already
 */
async function fetchTorrent(infoHash) {
  try {
    const response = await fetch(`/torrent.json?infohash=${infoHash}`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
