/** Brings connections about: to the best addresses of the pool, and to those a person names. */
import type { PeerAddress } from '@shoal/units';
import type { Handshake } from '@shoal/wire';
import type { PeerSource } from '../state/snapshot.ts';
import type { TorrentParts } from '../torrent-parts.ts';
import { CONNECTION_LIMIT, type Refusal } from './admission.ts';
import type { BanList } from './ban-list.ts';
import { Dialer } from './dialer.ts';
import type { Established } from './handshake-exchange.ts';
import { ManualDials, refused, tryHandshake } from './manual-dials.ts';
import type { PeerConnection } from './peer-connection.ts';
import type { PeerPool } from './peer-pool.ts';
import type { Swarm } from './swarm.ts';

export interface ConnectorOptions {
  readonly parts: TorrentParts;
  readonly pool: PeerPool;
  readonly bans: BanList;
  readonly swarm: Swarm;
  /** What we say of the torrent now: a magnet may turn out to be private. */
  ours(): Handshake;
  /** Nothing more is wanted. */
  isDone(): boolean;
  /** @returns why it was not taken in */
  join(established: Established, source: PeerSource): Refusal | undefined;
}

export class Connector {
  readonly #options: ConnectorOptions;
  readonly #dialer: Dialer;
  readonly #manual = new ManualDials();
  #isOpen = false;

  constructor(options: ConnectorOptions) {
    const { parts, pool, ours } = options;
    const { clock, random, network, encryption } = parts;
    this.#options = options;
    this.#dialer = new Dialer({
      pool,
      network,
      clock,
      random,
      ours,
      encryption,
      handleEstablished: (established) => this.#handleDialled(established),
      handleFailed: (address, reason) => {
        pool.failed(address, clock.nowMs());
        this.#manual.handleFailed(address, reason);
      },
    });
  }

  /** Between `open` and `close`. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** All places but those kept for incoming connections are taken. */
  get isFull(): boolean {
    return this.#options.swarm.size >= CONNECTION_LIMIT;
  }

  /** From now on the pool is dialled: see `fill`. */
  open(): void {
    this.#isOpen = true;
  }

  /** Gives up what is on its way, and tells who waits for it. Idempotent. */
  close(): void {
    this.#isOpen = false;
    this.#dialer.close();
    this.#manual.close();
  }

  /** Dials the best addresses of the pool as long as there are places. */
  fill(): void {
    if (this.#isOpen && !this.isFull)
      this.#dialer.fill(CONNECTION_LIMIT - this.#options.swarm.size);
  }

  /** Once a second. */
  tick(nowMs: number): void {
    const { pool, swarm, isDone } = this.#options;
    // What we lack may be at an address that is not dialled while all places are taken.
    if (this.#isOpen && this.isFull && !isDone() && pool.nextReadyAtMs(nowMs) === nowMs)
      swarm.makeRoom();
    this.fill();
  }

  /**
   * Connects to an address of the user's at once, also when nothing runs yet: it may until the peer
   * answers.
   * @throws EngineError `connect-failed`, `peer-banned`, `peer-refused`
   */
  async dialNow(address: PeerAddress): Promise<PeerConnection> {
    const { bans, pool } = this.#options;
    if (bans.hasAddress(address)) throw refused(address, 'banned');
    const connected = this.#manual.wait(address);
    pool.keep(address);
    this.#dialer.dialNow(address);
    return connected;
  }

  /** Connects, shakes hands, hangs up. @throws EngineError `connect-failed`, `peer-banned` */
  async tryHandshake(address: PeerAddress): Promise<void> {
    const { bans, ours, parts } = this.#options;
    if (bans.hasAddress(address)) throw refused(address, 'banned');
    return tryHandshake(address, ours(), parts);
  }

  /** A connection stands: whoever waited for it gets it. */
  handleJoined(peer: PeerConnection): void {
    this.#manual.handleJoined(peer);
  }

  #handleDialled(established: Established): void {
    const { join, pool } = this.#options;
    const { remote } = established.transport;
    const refusal = join(established, pool.sourceOf(remote) ?? 'tracker');
    if (refusal !== undefined) this.#manual.handleRefused(remote, refusal);
  }
}
