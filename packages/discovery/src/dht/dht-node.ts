/** One running node of the DHT: npm `bittorrent-dht` in our types. */
/// <reference path="./bittorrent-dht.d.ts" />
import {
  type AddressScope,
  type InfoHash,
  isBelievable,
  type Log,
  type PeerAddress,
  parseIp,
  peerAddressFromBytes,
  scopeOf,
  toInfoHash,
} from '@shoal/units';
import DHT from 'bittorrent-dht';
import type { BootstrapNode } from './bootstrap-node.ts';
import type { GuardedSocket } from './guarded-socket.ts';
import type { RoutingState } from './routing-state.ts';

/** Peers that others announced to us: kept so long, and so many of them over all. */
const STORED_PEER_MS = 30 * 60_000;
const STORED_PEER_LIMIT = 10_000;
/** Beside the newest the library keeps as many of those before. */
const GENERATION_COUNT = 2;

export interface DhtNodeOptions {
  readonly socket: GuardedSocket;
  readonly state: RoutingState;
  readonly log: Log;
  readonly onPeer: (infoHash: InfoHash, peer: PeerAddress) => void;
  /** A node came into the routing table. */
  readonly onNode: () => void;
}

/** Lives from its making to `close`; after that it calls nobody back. */
export class DhtNode {
  readonly #dht: DHT;
  readonly #nodeId: Uint8Array;
  #isClosed = false;

  constructor({ socket, state, log, onPeer, onNode }: DhtNodeOptions) {
    this.#nodeId = state.nodeId;
    this.#dht = new DHT({
      nodeId: state.nodeId,
      bootstrap: [],
      socket,
      maxAge: STORED_PEER_MS,
      maxPeers: STORED_PEER_LIMIT / GENERATION_COUNT,
    });
    const tell = (host: string, port: number, hash: Uint8Array, teller: AddressScope): void => {
      const infoHash = toInfoHash(hash);
      const ip = parseIp(host);
      if (this.#isClosed || infoHash === undefined || ip === undefined) return;
      if (isBelievable(scopeOf(host), teller)) onPeer(infoHash, peerAddressFromBytes(ip, port));
    };
    this.#dht.on('peer', ({ host, port }, hash, from) =>
      tell(host, port, hash, from?.address === undefined ? 'loopback' : scopeOf(from.address)),
    );
    this.#dht.on('announce', ({ host, port }, hash) => tell(host, port, hash, 'loopback'));
    this.#dht.on('node', () => {
      if (!this.#isClosed) onNode();
    });
    this.#dht.on('warning', (error) => log.debug('DHT', { reason: error.message }));
    this.#dht.on('error', (error) => log.warn('DHT', { reason: error.message }));
    this.#dht.listen();
    for (const node of state.nodes) this.#dht.addNode(node);
  }

  /** Nodes in the routing table. */
  get nodeCount(): number {
    return this.#dht.nodes.toArray().length;
  }

  state(): RoutingState {
    return { nodeId: this.#nodeId, nodes: this.#dht.nodes.toArray() };
  }

  /** Pings an address; who answers comes into the table. */
  ping(node: BootstrapNode): void {
    this.#dht.addNode(node);
  }

  /** Asks for nodes near our own id, which fills the table. */
  populate(): void {
    this.#dht.lookup(this.#nodeId, () => undefined);
  }

  /**
   * Looks for peers and announces us to the closest nodes.
   * @param port - where peers reach us
   * @param isWanted - asked when the lookup has ended: whether we are to be announced still
   * @param done - called when the lookup has ended, unless the node was closed
   */
  search(infoHash: InfoHash, port: number, isWanted: () => boolean, done: () => void): void {
    this.#dht.lookup(infoHash, (error) => {
      if (this.#isClosed) return;
      if (error === null && isWanted()) this.#dht.announce(infoHash, port, () => undefined);
      done();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await new Promise<void>((resolve) => this.#dht.destroy(resolve));
  }
}
