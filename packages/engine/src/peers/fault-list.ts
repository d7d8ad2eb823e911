/** Networks whose peers broke the protocol lately. Pure; time is passed in. */
import { putNewest } from './keep-newest.ts';

/** Faults of one network within a minute after which none of its peers is let in. */
const FAULT_LIMIT = 3;
const REST_MS = 60_000;
/** Networks kept; past it the oldest is let go. */
const NETWORK_LIMIT = 1_000;

interface Faults {
  count: number;
  lastAtMs: number;
}

/**
 * A peer that floods or lies about lengths is closed at once, and would come back at once under
 * another id, taking a place or an upload slot each time. A network (see `network-of.ts`) rests for
 * a minute after its third fault; a single buggy client costs its neighbours nothing.
 */
export class FaultList {
  readonly #networks = new Map<string, Faults>();

  add(network: string, nowMs: number): void {
    const count = this.#isRecent(network, nowMs) ? this.#networks.get(network)!.count + 1 : 1;
    putNewest(this.#networks, network, { count, lastAtMs: nowMs }, NETWORK_LIMIT);
  }

  /** Whether peers of this network are not let in now. */
  isResting(network: string, nowMs: number): boolean {
    return this.#isRecent(network, nowMs) && this.#networks.get(network)!.count >= FAULT_LIMIT;
  }

  #isRecent(network: string, nowMs: number): boolean {
    const faults = this.#networks.get(network);
    return faults !== undefined && nowMs - faults.lastAtMs < REST_MS;
  }
}
