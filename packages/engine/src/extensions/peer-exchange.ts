/** Peers tell each other of their peers. Never in private torrents. BEP 11. */
import {
  type Clock,
  formatPeerAddress,
  isBelievable,
  type PeerAddress,
  scopeOf,
} from '@shoal/units';
import {
  decodePexMessage,
  EXTENSION_NAME,
  encodePexMessage,
  MAX_PEX_PEERS,
  PEX_FLAG,
  type PexPeer,
  WireError,
} from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';
import { type PeerExtension, sendExtension } from './extension-host.ts';
import { MessageCount } from './message-count.ts';

/** No more than one message a minute to a peer; the first goes out at once. BEP 11. */
const INTERVAL_MS = 60_000;
/** Messages a peer may send in one interval: the first, one that crossed it, and some jitter. */
const MESSAGES_PER_INTERVAL = 3;
/** A peer that floods is closed. */
const FLOOD_COUNT = 20;

interface Exchange {
  /** What the peer was told and not told back, by name. */
  readonly told: Map<string, PeerAddress>;
  nextSendMs: number;
  readonly received: MessageCount;
}

export interface PeerExchangeOptions {
  readonly clock: Clock;
  peers(): Iterable<PeerConnection>;
  /** The torrent is private, or PEX is switched off: nothing is sent or heeded. */
  isOff(): boolean;
  handlePeers(peers: readonly PexPeer[]): void;
}

export class PeerExchange implements PeerExtension {
  readonly name = EXTENSION_NAME.peerExchange;
  readonly id = 2;
  readonly #options: PeerExchangeOptions;
  readonly #exchanges = new Map<PeerConnection, Exchange>();
  #isStale = false;

  constructor(options: PeerExchangeOptions) {
    this.#options = options;
  }

  get isOff(): boolean {
    return this.#options.isOff();
  }

  handleHandshake(peer: PeerConnection): void {
    // Its listening port is known from now on, so the others may be told of it.
    this.#isStale = true;
    if (!this.isOff && peer.extensions.get(this.name)) this.#exchange(peer);
    this.tick();
  }

  handleMessage(peer: PeerConnection, payload: Uint8Array): void {
    if (this.isOff) return;
    const receivedCount = this.#exchange(peer).received.add(this.#options.clock.nowMs());
    if (receivedCount > FLOOD_COUNT)
      throw new WireError('flood', `${receivedCount} peer exchange messages in a minute`);
    if (receivedCount > MESSAGES_PER_INTERVAL) return;
    const { added } = decodePexMessage(payload);
    const usable = added.filter(({ address }) => mayTell(peer.address, address));
    if (usable.length > 0) this.#options.handlePeers(usable);
  }

  handleLeft(peer: PeerConnection): void {
    this.#exchanges.delete(peer);
    this.#isStale = true;
  }

  /** Once a second, and when somebody came: tells everyone what is new to them and due. */
  tick(): void {
    if (this.isOff || this.#exchanges.size === 0) return;
    const nowMs = this.#options.clock.nowMs();
    const due = [...this.#exchanges].filter(([, exchange]) => exchange.nextSendMs <= nowMs);
    if (due.length === 0 || !this.#isStale) return;
    const known = this.#knownPeers();
    for (const [peer, exchange] of due) this.#tell(peer, exchange, known, nowMs);
    this.#isStale = due.length < this.#exchanges.size;
  }

  #tell(
    peer: PeerConnection,
    exchange: Exchange,
    known: ReadonlyMap<string, PexPeer>,
    nowMs: number,
  ): void {
    const own = peer.listenAddress === undefined ? '' : formatPeerAddress(peer.listenAddress);
    const added: PexPeer[] = [];
    for (const [name, entry] of known) {
      if (added.length === MAX_PEX_PEERS) break;
      if (name === own || exchange.told.has(name)) continue;
      if (!mayTell(peer.address, entry.address)) continue;
      added.push(entry);
      exchange.told.set(name, entry.address);
    }
    const dropped: PeerAddress[] = [];
    for (const [name, address] of exchange.told) {
      if (dropped.length === MAX_PEX_PEERS) break;
      if (known.has(name)) continue;
      dropped.push(address);
      exchange.told.delete(name);
    }
    if (added.length + dropped.length === 0) return;
    exchange.nextSendMs = nowMs + INTERVAL_MS;
    sendExtension(peer, this.name, encodePexMessage({ added, dropped }));
  }

  /** The connected peers whose listening address is known, by name. */
  #knownPeers(): Map<string, PexPeer> {
    const known = new Map<string, PexPeer>();
    for (const peer of this.#options.peers()) {
      const address = peer.listenAddress;
      if (address === undefined) continue;
      const flags =
        (peer.isSeeder || peer.isUploadOnly ? PEX_FLAG.seeder : 0) |
        (peer.transport.incoming ? 0 : PEX_FLAG.reachable) |
        (peer.isEncrypted ? PEX_FLAG.prefersEncryption : 0);
      known.set(formatPeerAddress(address), { address, flags });
    }
    return known;
  }

  #exchange(peer: PeerConnection): Exchange {
    let exchange = this.#exchanges.get(peer);
    if (exchange === undefined) {
      const nowMs = this.#options.clock.nowMs();
      exchange = { told: new Map(), nextSendMs: nowMs, received: new MessageCount(INTERVAL_MS) };
      this.#exchanges.set(peer, exchange);
    }
    return exchange;
  }
}

/** No address goes to or comes from a peer that is further away than it: it could not be used, or aims inside. */
function mayTell(peer: PeerAddress, address: PeerAddress): boolean {
  return isBelievable(scopeOf(address.host), scopeOf(peer.host));
}
