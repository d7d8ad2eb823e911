/** Private mode as the server sees it: passkeys are known or not, and what is moved is counted. */

/** What an announce says of one client's transfers. */
export interface TransferNews {
  /** Five words; only good during the call. */
  readonly infoHash: Int32Array;
  /** One character a byte. */
  readonly peerId: string;
  readonly isStarted: boolean;
  readonly isStopped: boolean;
  /** Bytes since the client started this torrent, as it says. */
  readonly uploaded: number;
  readonly downloaded: number;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
}

/** Neither call waits for anything. */
export interface Membership {
  /** @returns the number of the member, undefined for passkeys that are unknown or disabled */
  find(passkey: string): number | undefined;
  record(member: number, news: TransferNews): void;
}
