/** How tracker processes reach each other's WebSocket peers: the one interface to who carries signals. */
import { idToHex, type Random } from '@shoal/units';
import { ORIGIN_LENGTH } from './signal.ts';

/** Hears what other processes say. */
export interface SignalListener {
  handleSignal(signal: Uint8Array): void;
  /** What others said before may be lost, and what was told them. Called at the begin too. */
  handleGap(): void;
}

/** A way to the other processes: Redis, or the parent of this one. What is sent may get lost. */
export interface SignalCarrier {
  /** Names this process among the others. */
  readonly origin: string;
  /** Whether signals leave: not while the others cannot be reached, or too much waits for them. */
  readonly isOpen: boolean;
  /** Sends to one process or to all others; nothing while it is not open. */
  send(signal: Uint8Array, to?: string): void;
  /** Begins to listen; there is one listener. */
  listen(listener: SignalListener): void;
  /** Ends it when what was sent is on its way. Idempotent. */
  close(): Promise<void>;
}

/** What may wait for one connection, in bytes: past it offers and answers are lost. */
export const MAX_WAITING_LENGTH = 4 * 1_024 * 1_024;

/** A name for a process. */
export function newOrigin(random: Random): string {
  return idToHex(random.bytes(ORIGIN_LENGTH));
}
