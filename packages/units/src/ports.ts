/**
 * The ports: all that packages want from the outside. Apps pass real ones in, tests pass a
 * manual clock, a seeded random and a network in memory (`tools/testkit`).
 */
import type { PeerAddress } from './peer-address.ts';

/** A timer that was started. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Monotonic time and timers. */
export interface Clock {
  /** Milliseconds since some start; never goes back, and is no date. */
  nowMs(): number;
  /** Milliseconds since 1970 (UTC): only to show and to store, never to measure with. */
  wallMs(): number;
  /** Calls `fire` once, after `delayMs`. */
  after(delayMs: number, fire: () => void): Timer;
  /** Calls `fire` every `periodMs`, first after one period. */
  every(periodMs: number, fire: () => void): Timer;
}

/** Random numbers. The real one is cryptographic; the seeded one of tests repeats. */
export interface Random {
  /** `length` random bytes, freshly allocated. */
  bytes(length: number): Uint8Array;
  /** A uniform integer 0 <= n < limit, for limit 1..2^32. */
  below(limit: number): number;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log: a short message in the same words each time, and fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => {};

/** A log that nobody reads. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What a transport tells its owner. Every method is called from the event loop, never re-entrantly. */
export interface TransportSink {
  /**
   * Bytes arrived: `bytes[0..length)`. The buffer is shared and is overwritten after the call
   * returns: copy what must outlive it.
   */
  handleBytes(bytes: Uint8Array, length: number): void;
  /** What was written has left; `bufferedLength` is low again. */
  handleDrain(): void;
  /** The end, called exactly once: `error` is undefined when the other side closed in order. */
  handleClose(error: Error | undefined): void;
}

/** One established byte stream to a peer: TCP, or a pipe in memory. */
export interface Transport {
  readonly remote: PeerAddress;
  /** Our own address on this stream. */
  readonly local: PeerAddress;
  /** True when the other side dialled us. */
  readonly incoming: boolean;
  /** Bytes handed to `write` that have not left yet, and what a transport counts for keeping them. */
  readonly bufferedLength: number;
  /** Starts delivery. Bytes that arrived earlier are kept until then. Called once. */
  start(sink: TransportSink): void;
  /**
   * Sends bytes, in order. The transport keeps the array until it left: do not change it before
   * `written` is called, once, when the bytes have left or the transport is closed (also before
   * `write` returns, if the transport copies).
   * @returns false when the buffer is full: wait for `handleDrain` (the bytes are taken all the same)
   */
  write(bytes: Uint8Array, written?: () => void): boolean;
  /** Holds writes back until `uncork`, so that they leave in one system call. Nests. */
  cork(): void;
  uncork(): void;
  /** Stops and restarts delivery of bytes: back-pressure. */
  pause(): void;
  resume(): void;
  /** Ends at once; `handleClose` follows (once) unless it was called before. Idempotent. */
  close(): void;
}

export interface Listener {
  /** The address it listens on; the port is the real one when 0 was asked for. */
  readonly address: PeerAddress;
  close(): Promise<void>;
}

export interface Dial {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Makes transports. Errors are the system's (`code`: ECONNREFUSED, ETIMEDOUT, EADDRINUSE …). */
export interface Network {
  dial(address: PeerAddress, options: Dial): Promise<Transport>;
  /** @param host - the address to bind, or undefined for all of IPv4 and IPv6 */
  listen(
    port: number,
    host: string | undefined,
    accept: (transport: Transport) => void,
  ): Promise<Listener>;
}
