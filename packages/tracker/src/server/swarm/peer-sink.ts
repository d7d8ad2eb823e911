/** Where peers are read to. */

/** Takes peers as they lie in the store; what is passed is valid during the call only. */
export interface PeerSink {
  /**
   * Peers of another swarm or family follow.
   * @param words - hold the infohash, five words from `at` on
   */
  openSet(words: Int32Array, at: number, family: 4 | 6, completedCount: number): void;
  /**
   * @param bytes - hold the peer, 6 or 18 bytes from `at` on
   * @param clientTag - which client it is; client-tag.ts
   * @param peerIds - hold its peer id, 20 bytes from `peerIdAt` on, all zeros for one that nobody
   * knows; undefined from a store that keeps none
   */
  addPeer(
    bytes: Uint8Array,
    at: number,
    heardTick: number,
    isSeeder: boolean,
    clientTag: number,
    peerIds: Uint8Array | undefined,
    peerIdAt: number,
  ): void;
}
