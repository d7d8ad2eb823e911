/** Which torrents are tracked: those on the allow list if there is one, none on the deny list. */
import type { InfoHash } from '@shoal/units';
import type { Refusal } from './admission/gate.ts';
import { readInfoHashWords } from './swarm/swarm-store.ts';

/** For a torrent that they exclude; they may be other ones in an hour. BEP 31. */
export const NOT_TRACKED: Refusal = {
  reason: 'this torrent is not tracked here',
  retryInS: 3_600,
};

export interface AccessLists {
  /** Only these torrents are tracked; all of them when it is left out. */
  readonly allow?: readonly InfoHash[];
  /** These are not. */
  readonly deny?: readonly InfoHash[];
}

/** What the lists say; asked with words, so that no announce makes a string. */
export class Access {
  #allow: InfoHashSet | undefined;
  #deny: InfoHashSet | undefined;

  /** @param lists - `allow` left out allows all; an empty one allows none */
  constructor(lists: AccessLists) {
    this.replace(lists);
  }

  /** Takes other lists in the place of these, between two announces. */
  replace(lists: AccessLists): void {
    this.#allow = lists.allow && new InfoHashSet(lists.allow);
    this.#deny = lists.deny && new InfoHashSet(lists.deny);
  }

  /** Whether all torrents are tracked. */
  get isOpen(): boolean {
    return this.#allow === undefined && (this.#deny === undefined || this.#deny.isEmpty);
  }

  /** @param infoHash - five words */
  allows(infoHash: Int32Array): boolean {
    if (this.#deny?.has(infoHash) === true) return false;
    return this.#allow === undefined || this.#allow.has(infoHash);
  }
}

/** A set of infohashes that does not change: their words, sorted. */
class InfoHashSet {
  readonly #words: Int32Array;
  readonly #count: number;

  constructor(infoHashes: readonly InfoHash[]) {
    const sorted = infoHashes.map(toWords).sort((a, b) => compareAt(a, 0, b));
    this.#count = sorted.length;
    this.#words = new Int32Array(5 * this.#count);
    for (const [index, words] of sorted.entries()) this.#words.set(words, 5 * index);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  has(infoHash: Int32Array): boolean {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareAt(this.#words, 5 * middle, infoHash);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}

function toWords(infoHash: InfoHash): Int32Array {
  const words = new Int32Array(5);
  readInfoHashWords(words, infoHash, 0);
  return words;
}

function compareAt(words: Int32Array, at: number, other: Int32Array): number {
  for (let word = 0; word < 5; word++) {
    const [a, b] = [words[at + word]!, other[word]!];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}
