/** Dials the addresses of a pool, a few at a time, and brings them through the handshake. */
import {
  type Clock,
  formatPeerAddress,
  type Network,
  type PeerAddress,
  type Random,
} from '@shoal/units';
import type { Handshake } from '@shoal/wire';
import type { EncryptionPolicy } from './encryption.ts';
import { type Established, exchangeHandshakes } from './handshake-exchange.ts';
import type { PeerPool } from './peer-pool.ts';

/** Connections of one torrent that may be half open at a time. */
const HALF_OPEN_LIMIT = 16;
const DIAL_TIMEOUT_MS = 10_000;

export interface DialerOptions {
  readonly pool: PeerPool;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly encryption: EncryptionPolicy;
  /** What we say of the torrent now. */
  ours(): Handshake;
  handleEstablished(established: Established): void;
  handleFailed(address: PeerAddress, reason: string): void;
}

/** A connection on its way. */
interface Dial {
  readonly address: PeerAddress;
  abort(): void;
}

export class Dialer {
  readonly #options: DialerOptions;
  /** By the address's name. */
  readonly #pending = new Map<string, Dial>();

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** Connections on their way. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Dials until `room` connections are on their way or none is worth a dial now. */
  fill(room: number): void {
    const { pool, clock } = this.#options;
    while (this.#pending.size < Math.min(room, HALF_OPEN_LIMIT)) {
      const address = pool.next(clock.nowMs());
      if (address === undefined) return;
      void this.#dial(address, this.#options.encryption);
    }
  }

  /** Dials one address now, whatever the pool thinks of it, unless it is on its way. */
  dialNow(address: PeerAddress): void {
    const { pool, clock, encryption } = this.#options;
    if (this.#pending.has(formatPeerAddress(address))) return;
    pool.dialling(address, clock.nowMs());
    void this.#dial(address, encryption);
  }

  /** Gives up all that is on its way, and tells nobody. */
  close(): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { address, abort } of pending) {
      this.#options.pool.release(address);
      abort();
    }
  }

  async #dial(address: PeerAddress, encryption: EncryptionPolicy): Promise<void> {
    const { network, clock, random } = this.#options;
    const name = formatPeerAddress(address);
    const controller = new AbortController();
    const dial: Dial = { address, abort: () => controller.abort() };
    this.#pending.set(name, dial);
    try {
      const options = { timeoutMs: DIAL_TIMEOUT_MS, signal: controller.signal };
      const transport = await network.dial(address, options);
      if (this.#pending.get(name) !== dial) return transport.close();
      dial.abort = exchangeHandshakes({
        transport,
        clock,
        random,
        ours: this.#options.ours(),
        encryption,
        done: (established) => {
          this.#pending.delete(name);
          this.#options.handleEstablished(established);
        },
        failed: (reason) => {
          // It listens, but it may not know encryption: once more in the clear.
          if (encryption === 'prefer') void this.#dial(address, 'off');
          else this.#fail(name, dial, reason);
        },
      });
    } catch (error) {
      this.#fail(name, dial, error instanceof Error ? error.message : String(error));
    }
  }

  /** One that was given up fails in silence: another to the same address may be on its way. */
  #fail(name: string, dial: Dial, reason: string): void {
    if (this.#pending.get(name) !== dial) return;
    this.#pending.delete(name);
    this.#options.handleFailed(dial.address, reason);
  }
}
