/** Private mode as the server sees it: passkeys are known or not, and what is moved is counted. */

/** Bytes since a client started a torrent, as it says. */
export interface Report {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Monotonic milliseconds. */
  readonly heardMs: number;
}

/** What an announce says of one client's transfers. */
export interface TransferNews {
  /** Five words; only good during the call. */
  readonly infoHash: Int32Array;
  /** 20 bytes, one character each. */
  readonly peerId: string;
  /** 32 bits by which the client is known wherever it announces from; 0 for none. */
  readonly key: number;
  readonly isStarted: boolean;
  readonly isStopped: boolean;
  /** Bytes since the client started this torrent, as it says. */
  readonly uploaded: number;
  readonly downloaded: number;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** The report before, as the client brings it back in its tracker id. */
  readonly before?: Report;
}

/** Neither call waits for anything. */
export interface Membership {
  /**
   * Random bytes, the same after a restart and in every process: tracker ids are made with them. Without
   * them there are none.
   */
  readonly secret?: Uint8Array;
  /** @returns the number of the member, undefined for passkeys that are unknown or disabled */
  find(passkey: string): number | undefined;
  record(member: number, news: TransferNews): void;
}
