/**
 * How much a client has moved since its report before. No IO.
 *
 * Clients report bytes since they started a torrent. So what counts is the difference to the report
 * before of the same user, torrent and peer id, wherever it came from and whichever process heard it:
 * a client that moves, or announces over IPv4 and IPv6, HTTP and UDP, is one. A first report, one with
 * `started` and one below the one before are only a new beginning; one below it under another key is of
 * another client that has the same peer id, and begins nothing, or both would be credited what the
 * other has moved. Keys do not name a client alone: some send one with HTTP and another with UDP.
 *
 * Reports are sums, so each may get lost, and what comes late or twice adds nothing: the next one has
 * it all. A report that a client brings back itself (tracker-ids.ts) counts when none is kept.
 *
 * Nobody can check a report, but nobody moves more than a fast line does in the time between two:
 * what goes beyond that is cut off and noted.
 */

/** What a client says it has moved. */
export interface Session {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Milliseconds since 1970. */
  readonly heardMs: number;
  /** 32 bits by which the client is known; 0 for none. */
  readonly key: number;
  /** It stays then too: nobody may go on from an older one that he brings back. */
  readonly hasEnded: boolean;
}

/** A report as the database gets it. */
export interface HeardReport extends Session {
  readonly userId: number;
  /** 20 bytes each. */
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  readonly isStarted: boolean;
  /** The report before, as the client brings it back. */
  readonly before?: Pick<Session, 'uploaded' | 'downloaded' | 'heardMs'>;
}

/** Bytes to credit. */
export interface Credit {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Whether more was claimed. */
  readonly isClipped: boolean;
}

/**
 * Takes a report. It uses nothing from outside itself: its text is handed to the thread.
 * @param kept - the session of the same user, torrent and peer id; undefined for none
 * @param latestMs - no session can be later; when one is, the clock was set back since
 * @param maxBytesPerMs - what a line can carry each way
 * @returns what to add to the account; undefined when the report is to be passed over, and the
 *   session stays as it was. Otherwise the report is the session from then on.
 */
export function creditReport(
  kept: Session | undefined,
  report: HeardReport,
  latestMs: number,
  maxBytesPerMs: number,
): Credit | undefined {
  let before: HeardReport['before'] = report.before;
  if (kept !== undefined) {
    const isOfFuture = kept.heardMs > latestMs;
    if (report.heardMs < kept.heardMs && !isOfFuture) return undefined;
    const isBelow = report.uploaded < kept.uploaded || report.downloaded < kept.downloaded;
    const isOfSame = kept.hasEnded || report.isStarted || report.key === kept.key;
    if (isBelow && !isOfSame) return undefined;
    before = kept.hasEnded || isOfFuture ? undefined : kept;
  }
  if (before === undefined || report.isStarted)
    return { uploaded: 0, downloaded: 0, isClipped: false };
  const up = Math.max(0, report.uploaded - before.uploaded);
  const down = Math.max(0, report.downloaded - before.downloaded);
  const most = Math.floor(Math.max(0, report.heardMs - before.heardMs) * maxBytesPerMs);
  return {
    uploaded: Math.min(up, most),
    downloaded: Math.min(down, most),
    isClipped: up > most || down > most,
  };
}
