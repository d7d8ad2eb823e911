/** Peers from all over the world, found in the DHT. BEP 5, IPv4. */
import type { Socket } from 'node:dgram';
import {
  type Clock,
  hexToInfoHash,
  type InfoHash,
  idToHex,
  type Log,
  type PeerAddress,
  parseIp,
  type Random,
  scopeOf,
  silentLog,
  type Timer,
} from '@shoal/units';
import { type Discovery, DiscoveryError, type PeersListener } from '../discovery.ts';
import { PeersListeners } from '../peers-listeners.ts';
import type { SourceLimits } from '../source-limiter.ts';
import { type BootstrapNode, PUBLIC_BOOTSTRAP, parseBootstrapNode } from './bootstrap-node.ts';
import { DhtNode } from './dht-node.ts';
import { GuardedSocket, QUERY_LIMITS } from './guarded-socket.ts';
import { LookupQueue } from './lookup-queue.ts';
import { isNodeIdOf, makeNodeId } from './node-id.ts';
import { type ResolveName, resolveIpv4 } from './resolve-name.ts';
import { decodeRoutingState, encodeRoutingState, type RoutingState } from './routing-state.ts';
import { ToldNodes } from './told-nodes.ts';
import { bindUdp } from './udp-bind.ts';

/** While fewer nodes than this are known, the bootstrap nodes are asked again each minute. */
const ENOUGH_NODES = 8;
const BOOTSTRAP_MS = 60_000;
/** A new id costs the place at which others know us, so voices that differ do not move us about. */
const RENUMBER_MS = 3_600_000;
/** Peers taken from one lookup: past it a node is making them up. */
const PEERS_PER_LOOKUP = 500;

export interface DhtDiscoveryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  /** UDP port, 0 for any; left out: the peer port, or any when that is taken. */
  readonly port?: number;
  /** The address to bind; all when left out. */
  readonly host?: string;
  /** `HOST:PORT` each; well-known public nodes when left out. */
  readonly bootstrap?: readonly string[];
  /** What `save` gave in an earlier run; anything else is ignored. */
  readonly savedState?: Uint8Array;
  /** Our address as others see it, 4 bytes: the node id is made to go with it (BEP 42). */
  readonly externalIp?: Uint8Array;
  /** What one address may ask of us. */
  readonly queryLimits?: SourceLimits;
  /** The system's resolver when left out. */
  readonly resolve?: ResolveName;
}

/** Looks swarms up and announces us in them: at once, soon again, then less and less often. */
export class DhtDiscovery implements Discovery {
  readonly source = 'dht';
  readonly #options: DhtDiscoveryOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bootstrap: readonly BootstrapNode[];
  readonly #listeners = new PeersListeners();
  /** Peers found by each lookup under way. */
  readonly #found = new Map<string, number>();
  readonly #toldNodes: ToldNodes;
  #state: RoutingState;
  #queue = new LookupQueue();
  #node: DhtNode | undefined;
  #port: number | undefined;
  #peerPort = 0;
  #isRunning = false;
  #renumbering: Promise<void> = Promise.resolve();
  #mayRenumberAtMs = Number.NEGATIVE_INFINITY;
  #dueTimer: Timer | undefined;
  #bootstrapTimer: Timer | undefined;
  /** Aborts when it stops. */
  #stopping = new AbortController();

  /** @throws DiscoveryError `bad-address` when a bootstrap node is no `HOST:PORT` */
  constructor(options: DhtDiscoveryOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#log = options.log ?? silentLog;
    this.#bootstrap = (options.bootstrap ?? PUBLIC_BOOTSTRAP).map(parseBootstrapNode);
    this.#toldNodes = new ToldNodes(options.clock.nowMs());
    this.#state = this.#restore();
  }

  /** The UDP port while it runs. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Nodes in the routing table; 0 while it does not run. */
  get nodeCount(): number {
    return this.#node?.nodeCount ?? 0;
  }

  async start(peerPort: number): Promise<void> {
    const { port, host } = this.#options;
    const socket = await bindUdp(port ?? peerPort, host, port !== undefined);
    this.#peerPort = peerPort;
    this.#isRunning = true;
    this.#open(socket);
  }

  #open(socket: Socket): void {
    const { clock, random, queryLimits = QUERY_LIMITS } = this.#options;
    this.#port = socket.address().port;
    this.#queue = new LookupQueue(this.#queue.keys(), clock.nowMs());
    this.#node = new DhtNode({
      socket: new GuardedSocket(socket, { clock, random, log: this.#log, queryLimits }),
      state: this.#state,
      log: this.#log,
      onPeer: (infoHash, peer) => this.#handlePeer(infoHash, peer),
      onNode: () => this.#handleNode(),
    });
    this.#bootstrapTimer = clock.every(BOOTSTRAP_MS, () => void this.#askBootstrap());
    void this.#askBootstrap();
    this.#run();
  }

  join(infoHash: InfoHash): void {
    this.#queue.add(idToHex(infoHash), this.#clock.nowMs());
    this.#run();
  }

  leave(infoHash: InfoHash): void {
    this.#queue.delete(idToHex(infoHash));
  }

  announceNow(infoHash: InfoHash): void {
    this.#queue.hasten(idToHex(infoHash), this.#clock.nowMs());
    this.#run();
  }

  onPeers(listener: PeersListener): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * A node that a peer told us of (the `port` message of BEP 5): it is pinged first, unless there
   * are too many. IPv4 alone, and no port 0.
   */
  addNode(address: PeerAddress): void {
    if (address.family !== 4 || address.port === 0 || this.#node === undefined) return;
    if (this.#toldNodes.mayPing(address.host, this.#clock.nowMs())) this.#node.ping(address);
  }

  /** The node begins anew, with the table it has, under an id that goes with the address (BEP 42). IPv4 alone. */
  handleOwnAddress({ host }: PeerAddress): void {
    const ip = parseIp(host);
    const nowMs = this.#clock.nowMs();
    if (this.#node === undefined || ip?.length !== 4 || scopeOf(host) !== 'global') return;
    if (isNodeIdOf(this.#state.nodeId, ip) || nowMs < this.#mayRenumberAtMs) return;
    this.#mayRenumberAtMs = nowMs + RENUMBER_MS;
    this.#renumbering = this.#renumber(ip);
  }

  /** The routing table, to be given as `savedState` to the next run. */
  save(): Uint8Array {
    return encodeRoutingState(this.#node?.state() ?? this.#state);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#renumbering;
    await this.#close();
  }

  async #renumber(ip: Uint8Array): Promise<void> {
    const { random, host } = this.#options;
    const port = this.#port ?? 0;
    await this.#close();
    this.#state = { nodeId: makeNodeId(ip, random), nodes: this.#state.nodes };
    if (!this.#isRunning) return;
    try {
      this.#open(await bindUdp(port, host, false));
    } catch (error) {
      if (!(error instanceof DiscoveryError)) throw error;
      this.#log.warn('DHT not available', { reason: error.message });
    }
  }

  async #close(): Promise<void> {
    const node = this.#node;
    if (node === undefined) return;
    this.#state = node.state();
    this.#node = undefined;
    this.#port = undefined;
    this.#stopping.abort();
    this.#stopping = new AbortController();
    this.#dueTimer?.cancel();
    this.#bootstrapTimer?.cancel();
    this.#found.clear();
    await node.close();
  }

  /** The id of an earlier run is kept while it goes with our address. */
  #restore(): RoutingState {
    const { savedState, externalIp, random } = this.#options;
    const saved = savedState === undefined ? undefined : decodeRoutingState(savedState);
    const nodes = saved?.nodes ?? [];
    if (saved !== undefined && (externalIp === undefined || isNodeIdOf(saved.nodeId, externalIp)))
      return saved;
    return { nodeId: makeNodeId(externalIp, random), nodes };
  }

  async #askBootstrap(): Promise<void> {
    const node = this.#node;
    if (node === undefined || node.nodeCount >= ENOUGH_NODES) return;
    const { resolve = resolveIpv4 } = this.#options;
    const { signal } = this.#stopping;
    for (const { host, port } of this.#bootstrap) {
      if (signal.aborted) return;
      try {
        const addresses = await resolve(host, signal);
        if (signal.aborted) return;
        for (const address of addresses) node.ping({ host: address, port });
      } catch (error) {
        this.#log.debug('no address of a bootstrap node', { host, reason: String(error) });
      }
    }
  }

  #handleNode(): void {
    if (this.nodeCount === 1) this.#node?.populate();
    this.#run();
  }

  #handlePeer(infoHash: InfoHash, peer: PeerAddress): void {
    const key = idToHex(infoHash);
    if (!this.#queue.has(key)) return;
    const foundCount = this.#found.get(key);
    if (foundCount !== undefined) this.#found.set(key, foundCount + 1);
    if ((foundCount ?? 0) < PEERS_PER_LOOKUP) this.#listeners.tell(infoHash, [peer]);
  }

  /** Begins the lookups that may begin now, and sets the timer for the next. */
  #run(): void {
    const node = this.#node;
    if (node === undefined || node.nodeCount === 0) return;
    const nowMs = this.#clock.nowMs();
    for (const key of this.#queue.take(nowMs)) {
      this.#found.set(key, 0);
      const isWanted = () => this.#queue.has(key);
      node.search(hexToInfoHash(key)!, this.#peerPort, isWanted, () => this.#handleDone(key));
    }
    this.#dueTimer?.cancel();
    const dueMs = this.#queue.nextDueMs();
    if (dueMs !== undefined)
      this.#dueTimer = this.#clock.after(Math.max(0, dueMs - nowMs), () => this.#run());
  }

  #handleDone(key: string): void {
    this.#found.delete(key);
    this.#queue.done(key, this.#clock.nowMs());
    this.#run();
  }
}
