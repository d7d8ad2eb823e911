/** One end of a stream in memory. Everything it tells its sink comes from the clock. */
import type { Clock, PeerAddress, Transport, TransportSink } from '@shoal/units';
import { END, MemoryPipe } from './memory-pipe.ts';

/** As the TCP transport has them. Bytes. */
const HIGH_MARK = 1024 * 1024;
const LOW_MARK = 256 * 1024;
const WRITE_COST = 1024;

/** Bytes are handed out in one buffer that is overwritten after each call, as the port allows. */
const sharedBuffer = new Uint8Array(65_536);
const OVERWRITTEN = 0xdb;

export interface MemoryTransportOptions {
  readonly clock: Clock;
  readonly remote: PeerAddress;
  readonly local: PeerAddress;
  readonly incoming: boolean;
  /** Bytes that may be on their way to the other end, or unread there. */
  readonly windowLength: number;
  /** Something may be sent: from here, or from the other end, whose window opened. */
  wake(pipe: MemoryPipe): void;
  handleClosed(): void;
}

export class MemoryTransport implements Transport {
  readonly remote: PeerAddress;
  readonly local: PeerAddress;
  readonly incoming: boolean;
  /** From here to the other end. */
  readonly out: MemoryPipe;
  readonly #options: MemoryTransportOptions;
  readonly #inbox: Uint8Array[] = [];
  #other: MemoryTransport | undefined;
  #sink: TransportSink | undefined;
  #isPaused = false;
  #isFull = false;
  #isClosed = false;
  #hasReportedClose = false;
  #error: Error | undefined;

  constructor(options: MemoryTransportOptions) {
    this.#options = options;
    this.remote = options.remote;
    this.local = options.local;
    this.incoming = options.incoming;
    this.out = new MemoryPipe({
      from: options.local.host,
      to: options.remote.host,
      windowLength: options.windowLength,
      handleLeft: () => this.#handleLeft(),
      handleArrival: (segment) => this.#other!.#handleArrival(segment),
    });
  }

  /** Joins the two ends of a stream. */
  static join(a: MemoryTransport, b: MemoryTransport): void {
    a.#other = b;
    b.#other = a;
  }

  get bufferedLength(): number {
    return this.out.waitingLength + this.out.waitingCount * WRITE_COST;
  }

  start(sink: TransportSink): void {
    this.#sink = sink;
    this.#later(() => (this.#isClosed ? this.#reportClose() : this.#deliver()));
  }

  write(bytes: Uint8Array, written?: () => void): boolean {
    if (this.#isClosed) {
      written?.();
      return false;
    }
    this.out.push(bytes, written);
    this.#options.wake(this.out);
    if (this.bufferedLength >= HIGH_MARK) this.#isFull = true;
    return !this.#isFull;
  }

  cork(): void {
    this.out.cork();
  }

  uncork(): void {
    this.out.uncork();
    this.#options.wake(this.out);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#later(() => this.#deliver());
  }

  close(): void {
    this.#close(undefined);
  }

  /** Breaks this end at once; nothing more goes to the other one. */
  fail(error: Error): void {
    this.#close(error);
  }

  #close(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#error = error;
    this.#inbox.length = 0;
    this.out.end();
    this.#options.wake(this.out);
    this.#options.handleClosed();
    this.#later(() => this.#reportClose());
  }

  #handleLeft(): void {
    if (!this.#isFull || this.bufferedLength > LOW_MARK) return;
    this.#isFull = false;
    this.#later(() => {
      if (!this.#isClosed) this.#sink?.handleDrain();
    });
  }

  #handleArrival(segment: Uint8Array): void {
    if (this.#isClosed) return;
    this.#inbox.push(segment);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#sink !== undefined && !this.#isPaused && !this.#isClosed) {
      const segment = this.#inbox.shift();
      if (segment === undefined) return;
      if (segment === END) {
        this.#close(undefined);
        return;
      }
      sharedBuffer.set(segment);
      this.#sink.handleBytes(sharedBuffer, segment.length);
      sharedBuffer.fill(OVERWRITTEN, 0, segment.length);
      const { out } = this.#other!;
      out.read(segment.length);
      this.#options.wake(out);
    }
  }

  #reportClose(): void {
    if (this.#hasReportedClose || this.#sink === undefined) return;
    this.#hasReportedClose = true;
    this.#sink.handleClose(this.#error);
  }

  #later(run: () => void): void {
    this.#options.clock.after(0, run);
  }
}
