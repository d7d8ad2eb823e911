/** Which torrents are tracked: those on the allow list if there is one, none on the deny list. */
import type { Refusal } from './admission/gate.ts';
import { type InfoHashTable, tableHas } from './info-hash-table.ts';

/** For a torrent that they exclude; they may be other ones in an hour. BEP 31. */
export const NOT_TRACKED: Refusal = {
  reason: 'this torrent is not tracked here',
  retryInS: 3_600,
};

export interface AccessLists {
  /** Only these torrents are tracked; all of them when it is left out. */
  readonly allow?: InfoHashTable;
  /** These are not. */
  readonly deny?: InfoHashTable;
}

/** What the lists say; asked with words, so that no announce makes a string. */
export class Access {
  #allow: InfoHashTable | undefined;
  #deny: InfoHashTable | undefined;

  /** @param lists - `allow` left out allows all; an empty one allows none */
  constructor(lists: AccessLists) {
    this.replace(lists);
  }

  /** Takes other lists in the place of these, between two announces. */
  replace(lists: AccessLists): void {
    this.#allow = lists.allow;
    this.#deny = lists.deny;
  }

  /** Whether all torrents are tracked. */
  get isOpen(): boolean {
    return this.#allow === undefined && (this.#deny === undefined || this.#deny.count === 0);
  }

  /** @param infoHash - five words */
  allows(infoHash: Int32Array): boolean {
    if (this.#deny !== undefined && tableHas(this.#deny, infoHash)) return false;
    return this.#allow === undefined || tableHas(this.#allow, infoHash);
  }
}
