/**
 * Removes the torrents that lists have come to exclude: goes round through the swarms, slice by slice,
 * so that no announce waits. It never ends: other processes and old snapshots may bring one back.
 */
import type { Access } from './access.ts';
import type { SwarmStore } from './swarm/swarm-store.ts';

export class AccessRound {
  readonly #store: SwarmStore;
  readonly #access: Access;
  #slice = 0;

  constructor(store: SwarmStore, access: Access) {
    this.#store = store;
    this.#access = access;
  }

  /** Looks through the next slice. Nothing to do while all torrents are tracked. */
  step(): void {
    if (this.#access.isOpen) return;
    const infoHash = new Int32Array(5);
    const excluded: Int32Array[] = [];
    if (this.#slice >= this.#store.sliceCount) this.#slice = 0;
    this.#store.visitSlice(this.#slice++, (words, at) => {
      for (let word = 0; word < 5; word++) infoHash[word] = words[at + word]!;
      if (!this.#access.allows(infoHash)) excluded.push(infoHash.slice());
    });
    for (const each of excluded) this.#store.delete(each);
  }
}
