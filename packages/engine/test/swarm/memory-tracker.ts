/** A tracker in memory: knows who announced, answers after a round trip of virtual time. */

import type { ManualClock, MemoryHost } from '@shoal/testkit';
import { type AnnounceRequest, TrackerError, type TrackerTransport } from '@shoal/tracker/client';
import { equalBytes, formatPeerAddress, idToHex, type PeerAddress } from '@shoal/units';

const ROUND_TRIP_MS = 30;
/** How long a client waits for a host that is dead. */
const TIMEOUT_MS = 30_000;
const INTERVAL_S = 1_800;

interface Member {
  readonly address: PeerAddress;
  readonly request: AnnounceRequest;
}

export class MemoryTracker {
  /** Every announce that came, in order. */
  readonly announces: {
    readonly from: string;
    readonly url: string;
    readonly request: AnnounceRequest;
  }[] = [];
  /** No answer: the client gives up in the end. */
  isDead = false;
  /** What it says to all from now on, and takes nobody in. */
  refusal: string | undefined;
  readonly #clock: ManualClock;
  readonly #swarms = new Map<string, Map<string, Member>>();

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  /** The tracker as an engine on this host reaches it. */
  transportFor(host: MemoryHost): TrackerTransport {
    return {
      announce: async (url, request, signal) => {
        this.announces.push({ from: host.ip, url, request });
        await this.#roundTrip(signal);
        if (this.refusal !== undefined) throw new TrackerError('failure', this.refusal);
        const swarm = this.#swarmOf(request);
        const others = [...swarm.values()].filter(
          (member) => !equalBytes(member.request.peerId, request.peerId),
        );
        const address = host.address(request.port);
        if (request.event === 'stopped') swarm.delete(formatPeerAddress(address));
        else swarm.set(formatPeerAddress(address), { address, request });
        return {
          intervalS: INTERVAL_S,
          peers: others.slice(0, request.numWant).map((member) => member.address),
        };
      },
      scrape: async () => {
        throw new TrackerError('failure', 'this tracker knows no scrape');
      },
      close: async () => {},
    };
  }

  /** What one host said last in a torrent, if it did not say goodbye. */
  lastOf(host: MemoryHost): AnnounceRequest | undefined {
    return this.announces.findLast(({ from }) => from === host.ip)?.request;
  }

  #swarmOf({ infoHash }: AnnounceRequest): Map<string, Member> {
    const name = idToHex(infoHash);
    const swarm = this.#swarms.get(name) ?? new Map<string, Member>();
    this.#swarms.set(name, swarm);
    return swarm;
  }

  #roundTrip(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      const error = new TrackerError('timeout', 'the tracker did not answer');
      if (this.isDead) this.#clock.after(TIMEOUT_MS, () => reject(error));
      else this.#clock.after(ROUND_TRIP_MS, resolve);
    });
  }
}
