/** How tracker processes tell each other what they heard: the one interface between store and carrier. */

/** What came back. */
export interface ExchangeReply {
  /** What others told since the last call, in the order in which it was told. */
  readonly batches: readonly Uint8Array[];
  /** There is more: call again soon. */
  readonly hasMore: boolean;
  /** Whoever keeps the words for newcomers has lost them, or never had ours: say all again. */
  readonly wantsAll: boolean;
  /** The time that all sides go by, in milliseconds. */
  readonly sharedMs: number;
  /** 16 random bytes that all sides have in common, the key of UDP connection ids, if there are any. */
  readonly secret?: Uint8Array;
}

/** A way to the other processes: Redis, or the parent of this one. */
export interface SwarmExchange {
  /**
   * Hands over batches and takes those of others; one call at a time.
   * @throws ExchangeError `unreachable`, `closed`: some of the batches may not have arrived
   */
  exchange(batches: readonly Uint8Array[]): Promise<ExchangeReply>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}
