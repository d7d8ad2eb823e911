/** Peers in the same network, found by multicast. BEP 14. */
import {
  type Clock,
  formatPeerAddress,
  hexToInfoHash,
  type InfoHash,
  idToHex,
  isInAny,
  type Log,
  type PeerAddress,
  parseIp,
  type Random,
  scopeOf,
  silentLog,
  type Timer,
} from '@shoal/units';
import { AnnounceSchedule } from '../announce-schedule.ts';
import { type Discovery, DiscoveryError, type PeersListener } from '../discovery.ts';
import { PeersListeners } from '../peers-listeners.ts';
import { SourceLimiter } from '../source-limiter.ts';
import { TokenBucket } from '../token-bucket.ts';
import {
  decodeLsdMessage,
  encodeLsdMessage,
  INFO_HASHES_PER_MESSAGE,
  type LsdMessage,
} from './lsd-message.ts';
import type { MulticastGroup, MulticastNetwork, MulticastSocket } from './multicast.ts';
import { RecentPeers } from './recent-peers.ts';
import { udpMulticast } from './udp-multicast.ts';

/** The groups of BEP 14. */
export const LSD_GROUPS: readonly MulticastGroup[] = [
  { family: 4, host: '239.192.152.143', port: 6771 },
  { family: 6, host: 'ff15::efc0:988f', port: 6771 },
];

const MINUTE_MS = 60_000;
/** Each swarm is announced so often. BEP 14. */
const INTERVAL_MS = 5 * MINUTE_MS;
/** In the long run one message a minute (BEP 14); after a silence a few at once. */
const MESSAGE_BURST = 5;
/** A newcomer is answered within so long, by chance, so that not all answer in one instant. */
const ANSWER_SPREAD_MS = 2000;
/** What one neighbour may send: fifty times what BEP 14 asks for. */
const SOURCE_LIMITS = { messageLimit: 50, windowMs: MINUTE_MS, blockMs: 5 * MINUTE_MS };

export interface LocalDiscoveryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  /** The system's own when left out. */
  readonly network?: MulticastNetwork;
  /** Those of BEP 14 when left out. */
  readonly groups?: readonly MulticastGroup[];
}

/**
 * Announces in as few messages as it can, hears the neighbours, and answers one that it hears for
 * the first time in a swarm of ours. Only messages from this machine's own networks count (threat
 * 35); its own come back and are known by their cookie.
 */
export class LocalDiscovery implements Discovery {
  readonly source = 'lsd';
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #network: MulticastNetwork;
  readonly #groups: readonly MulticastGroup[];
  readonly #cookie: string;
  readonly #listeners = new PeersListeners();
  readonly #schedule: AnnounceSchedule;
  readonly #budget: TokenBucket;
  readonly #sources = new SourceLimiter(SOURCE_LIMITS);
  readonly #recent = new RecentPeers();
  readonly #sockets = new Map<MulticastGroup, MulticastSocket>();
  #peerPort = 0;
  #timer: Timer | undefined;

  constructor(options: LocalDiscoveryOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#log = options.log ?? silentLog;
    this.#network = options.network ?? udpMulticast();
    this.#groups = options.groups ?? LSD_GROUPS;
    this.#cookie = `shoal-${idToHex(options.random.bytes(8))}`;
    this.#schedule = new AnnounceSchedule({ intervalMs: INTERVAL_MS, minIntervalMs: MINUTE_MS });
    const nowMs = options.clock.nowMs();
    this.#budget = new TokenBucket({ capacity: MESSAGE_BURST, perMs: 1 / MINUTE_MS, nowMs });
  }

  /** One family is enough: a machine without IPv6 is no error. */
  async start(peerPort: number): Promise<void> {
    this.#peerPort = peerPort;
    let failure: unknown;
    for (const group of this.#groups) {
      try {
        const receive = (bytes: Uint8Array, from: PeerAddress): void => this.#receive(bytes, from);
        this.#sockets.set(group, await this.#network.open(group, receive));
      } catch (error) {
        failure = error;
        this.#log.debug('no local discovery', { family: group.family, reason: String(error) });
      }
    }
    if (this.#sockets.size === 0)
      throw new DiscoveryError('no-network', 'no multicast group could be joined', failure);
    for (const key of this.#schedule.keys()) this.#schedule.hasten(key, this.#clock.nowMs());
    this.#arm();
  }

  join(infoHash: InfoHash): void {
    this.#schedule.add(idToHex(infoHash), this.#clock.nowMs());
    this.#arm();
  }

  leave(infoHash: InfoHash): void {
    this.#schedule.delete(idToHex(infoHash));
  }

  announceNow(infoHash: InfoHash): void {
    this.#schedule.hasten(idToHex(infoHash), this.#clock.nowMs());
    this.#arm();
  }

  onPeers(listener: PeersListener): () => void {
    return this.#listeners.add(listener);
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    await Promise.all(sockets.map((socket) => socket.close()));
  }

  /** Sets the timer to when the next message may go and has something to say. */
  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const dueMs = this.#schedule.nextDueMs();
    if (this.#sockets.size === 0 || dueMs === undefined) return;
    const nowMs = this.#clock.nowMs();
    const delayMs = Math.max(dueMs - nowMs, this.#budget.waitMs(1, nowMs));
    this.#timer = this.#clock.after(delayMs, () => this.#announce());
  }

  /** One message, with those swarms too whose turn comes within a minute. */
  #announce(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#budget.take(1, nowMs)) {
      const keys = this.#schedule.take(nowMs, INFO_HASHES_PER_MESSAGE, MINUTE_MS);
      const infoHashes = keys.map((key) => hexToInfoHash(key)!);
      if (infoHashes.length > 0) this.#send(infoHashes);
    }
    this.#arm();
  }

  #send(infoHashes: readonly InfoHash[]): void {
    for (const [{ family, host, port }, socket] of this.#sockets) {
      const groupHost = formatPeerAddress({ family, host, port });
      const message = { host: groupHost, port: this.#peerPort, infoHashes, cookie: this.#cookie };
      void socket.send(encodeLsdMessage(message));
    }
  }

  /** The one place where what neighbours send may be wrong. */
  #receive(bytes: Uint8Array, from: PeerAddress): void {
    if (!this.#isNeighbour(from)) return;
    if (!this.#sources.allow(from.host, this.#clock.nowMs())) return;
    try {
      const message = decodeLsdMessage(bytes);
      if (message.cookie !== this.#cookie) this.#hear(message, from);
    } catch (error) {
      if (!(error instanceof DiscoveryError)) throw error;
      this.#log.debug('bad local announce', { from: from.host, reason: error.message });
    }
  }

  #hear(message: LsdMessage, from: PeerAddress): void {
    const nowMs = this.#clock.nowMs();
    const peer: PeerAddress = { ...from, port: message.port };
    for (const infoHash of message.infoHashes) {
      const key = idToHex(infoHash);
      if (!this.#schedule.has(key)) continue;
      const news = this.#recent.note(`${key} ${formatPeerAddress(peer)}`, nowMs);
      if (news === 'repeated') continue;
      this.#listeners.tell(infoHash, [peer]);
      if (news === 'first')
        this.#schedule.hasten(key, nowMs + this.#random.below(ANSWER_SPREAD_MS));
    }
    this.#arm();
  }

  #isNeighbour({ host }: PeerAddress): boolean {
    const scope = scopeOf(host);
    if (scope === 'loopback' || scope === 'link' || scope === 'private') return true;
    const ip = parseIp(host);
    return scope === 'global' && ip !== undefined && isInAny(ip, this.#network.subnets());
  }
}
