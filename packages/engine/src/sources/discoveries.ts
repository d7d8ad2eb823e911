/** The ways to find peers beside trackers, as one: what one of them cannot do another may. */
import { type Discovery, DiscoveryError } from '@shoal/discovery';
import type { InfoHash, Log, PeerAddress } from '@shoal/units';

/** Gets what one of them found. */
export type FoundListener = (
  infoHash: InfoHash,
  peers: readonly PeerAddress[],
  source: Discovery['source'],
) => void;

export class Discoveries {
  readonly #all: readonly Discovery[];
  readonly #log: Log;

  constructor(all: readonly Discovery[], log: Log) {
    this.#all = all;
    this.#log = log;
  }

  /**
   * Starts them all; one that cannot start is done without.
   * @param port - where peers reach us
   */
  async start(port: number, handleFound: FoundListener): Promise<void> {
    for (const discovery of this.#all) {
      const { source } = discovery;
      try {
        await discovery.start(port);
      } catch (error) {
        if (!(error instanceof DiscoveryError)) throw error;
        this.#log.warn('discovery not available', { source, reason: error.message });
      }
      discovery.onPeers((infoHash, peers) => handleFound(infoHash, peers, source));
    }
  }

  async stop(): Promise<void> {
    for (const discovery of this.#all) await discovery.stop();
  }

  /** Looks for the peers of a torrent that is not private. */
  join(infoHash: InfoHash): void {
    for (const discovery of this.#all) discovery.join(infoHash);
  }

  leave(infoHash: InfoHash): void {
    for (const discovery of this.#all) discovery.leave(infoHash);
  }

  /** We are part of the DHT (BEP 5). */
  get hasDht(): boolean {
    return this.#all.some(({ source }) => source === 'dht');
  }

  /** UDP ports of our nodes that run. */
  get nodePorts(): readonly number[] {
    return this.#all.flatMap(({ port }) => port ?? []);
  }

  /** A peer runs a node: another way into the network (BEP 5). */
  addNode(address: PeerAddress): void {
    for (const discovery of this.#all) discovery.addNode?.(address);
  }

  /** Our addresses as others see them, one a family. */
  handleOwnAddresses(addresses: readonly PeerAddress[]): void {
    for (const address of addresses)
      for (const discovery of this.#all) discovery.handleOwnAddress?.(address);
  }
}
