/** One client for all trackers: the scheme of the URL decides how it is asked. */
import type { Clock, InfoHash, Random } from '@shoal/units';
import type { AnnounceRequest, AnnounceResponse, ScrapeCounts } from '../protocol/announce.ts';
import { TrackerError } from '../protocol/tracker-error.ts';
import type { Resolve } from './endpoints.ts';
import { HostGate } from './host-gate.ts';
import { HttpTracker } from './http-tracker.ts';
import { NameResolver } from './name-resolver.ts';
import { parseTrackerUrl, type TrackerUrl } from './tracker-url.ts';
import { UdpTracker } from './udp-tracker.ts';

/**
 * Asks trackers. Every method rejects with TrackerError, or with the signal's reason when it fires.
 * A host with addresses of both families is asked over both, and answers for both (BEP 7).
 */
export interface TrackerTransport {
  announce(url: string, request: AnnounceRequest, signal: AbortSignal): Promise<AnnounceResponse>;
  /** @returns the counts of each infohash, in the order asked for */
  scrape(
    url: string,
    infoHashes: readonly InfoHash[],
    signal: AbortSignal,
  ): Promise<readonly ScrapeCounts[]>;
  /** Ends what is under way (`closed`) and lets the sockets go. Idempotent. */
  close(): Promise<void>;
}

export interface TrackerTransportOptions {
  /** What HTTP trackers see as the client, as `Shoal/0.1.0`. */
  readonly userAgent: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: the system's name servers and its resolver (`NameResolver`). */
  readonly resolve?: Resolve;
}

/** A transport over the network: http, https and udp. Holds no socket between HTTP exchanges. */
export function createTrackerTransport(options: TrackerTransportOptions): TrackerTransport {
  const { clock, random, userAgent, resolve = new NameResolver().resolve } = options;
  const http = new HttpTracker({ clock, resolve, userAgent });
  const udp = new UdpTracker({ clock, random, resolve });
  const gate = new HostGate();
  const closing = new AbortController();

  const ask = async <Answer>(
    text: string,
    signal: AbortSignal,
    run: (url: TrackerUrl, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> => {
    const url = parseTrackerUrl(text);
    return gate.pass(`${url.protocol}${url.host}:${url.port}`, async () => {
      const either = AbortSignal.any([signal, closing.signal]);
      either.throwIfAborted();
      return run(url, either);
    });
  };

  return {
    announce: (text, request, signal) =>
      ask(text, signal, (url, either) =>
        (url.protocol === 'udp:' ? udp : http).announce(url, request, either),
      ),
    scrape: (text, infoHashes, signal) =>
      ask(text, signal, (url, either) =>
        (url.protocol === 'udp:' ? udp : http).scrape(url, infoHashes, either),
      ),
    close: () => {
      closing.abort(new TrackerError('closed', 'the tracker client was closed'));
      return udp.close();
    },
  };
}
