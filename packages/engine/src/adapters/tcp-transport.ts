/** One TCP socket as a transport. */
import type { Socket } from 'node:net';
import type { PeerAddress, Transport, TransportSink } from '@shoal/units';

/** `write` says "full" above the high mark, and `handleDrain` comes below the low one. Bytes. */
const HIGH_MARK = 1024 * 1024;
const LOW_MARK = 256 * 1024;
/**
 * What a write that waits costs beside its bytes: an array with its buffer, a view, an entry in the
 * stream. A peer that reads nothing could have us keep a hundred thousand answers of 17 bytes.
 */
const WRITE_COST = 1024;

/**
 * A connected socket. Whoever makes it routes the socket's bytes to `receive`; until `start` the
 * socket is paused and the kernel keeps them.
 */
export class TcpTransport implements Transport {
  readonly remote: PeerAddress;
  readonly local: PeerAddress;
  readonly incoming: boolean;
  readonly #socket: Socket;
  #sink: TransportSink | undefined;
  /** Writes that have not left. */
  #waitingCount = 0;
  #isPaused = false;
  #isFull = false;
  #isClosing = false;
  #hasEnded = false;
  #error: Error | undefined;

  /** @param socket - connected and paused */
  constructor(
    socket: Socket,
    ends: { remote: PeerAddress; local: PeerAddress; incoming: boolean },
  ) {
    this.remote = ends.remote;
    this.local = ends.local;
    this.incoming = ends.incoming;
    this.#socket = socket;
    // A peer that will send no more is of no use to us, and half-open sockets would pile up.
    socket.on('end', () => socket.destroy());
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#end());
  }

  get bufferedLength(): number {
    return this.#socket.writableLength + this.#waitingCount * WRITE_COST;
  }

  start(sink: TransportSink): void {
    this.#sink = sink;
    if (this.#hasEnded) setImmediate(() => sink.handleClose(this.#error));
    else if (!this.#isPaused) this.#socket.resume();
  }

  /** Bytes came from the socket: `bytes[0..length)`, good until the call returns. */
  receive(bytes: Uint8Array, length: number): void {
    if (!this.#isClosing) this.#sink?.handleBytes(bytes, length);
  }

  write(bytes: Uint8Array, written?: () => void): boolean {
    if (this.#isClosing || this.#socket.destroyed) {
      written?.();
      return false;
    }
    this.#waitingCount++;
    this.#socket.write(
      bytes,
      written === undefined
        ? this.#handleWritten
        : () => {
            written();
            this.#handleWritten();
          },
    );
    if (this.bufferedLength >= HIGH_MARK) this.#isFull = true;
    return !this.#isFull;
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
    // A `resume` just before begins to read at the end of this turn all the same.
    process.nextTick(this.#stayPaused);
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#sink !== undefined) this.#socket.resume();
  }

  close(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  readonly #stayPaused = (): void => {
    if (this.#isPaused) this.#socket.pause();
  };

  /** One for all writes, so that a write makes no closure. Errors arrive as the socket's own. */
  readonly #handleWritten = (): void => {
    this.#waitingCount--;
    if (!this.#isFull || this.#isClosing || this.bufferedLength > LOW_MARK) return;
    this.#isFull = false;
    this.#sink?.handleDrain();
  };

  #end(): void {
    this.#hasEnded = true;
    this.#sink?.handleClose(this.#isClosing ? undefined : this.#error);
  }
}
