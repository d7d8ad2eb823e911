/** Message stream encryption: the policy, and the stream once both sides agreed. */
import type { PeerAddress, Transport, TransportSink } from '@shoal/units';
import type { MseMethod, Rc4 } from '@shoal/wire';

/**
 * prefer: encrypted handshakes first, plain ones when the other side knows no better;
 * require: nothing but RC4; off: plain only.
 */
export type EncryptionPolicy = 'prefer' | 'require' | 'off';

/**
 * The methods we offer and take, best first. `prefer` hides the handshake and lets the data go
 * plain when both sides allow it: RC4 hides no more from anyone who looks, and costs a core.
 */
export const METHODS: Record<Exclude<EncryptionPolicy, 'off'>, readonly MseMethod[]> = {
  prefer: ['plaintext', 'rc4'],
  require: ['rc4'],
};

/** A transport whose bytes pass through RC4, each direction with its own key. */
export class EncryptedTransport implements Transport {
  readonly #inner: Transport;
  readonly #encrypt: Rc4;
  readonly #decrypt: Rc4;

  constructor(inner: Transport, encrypt: Rc4, decrypt: Rc4) {
    this.#inner = inner;
    this.#encrypt = encrypt;
    this.#decrypt = decrypt;
  }

  get remote(): PeerAddress {
    return this.#inner.remote;
  }

  get local(): PeerAddress {
    return this.#inner.local;
  }

  get incoming(): boolean {
    return this.#inner.incoming;
  }

  get bufferedLength(): number {
    return this.#inner.bufferedLength;
  }

  start(sink: TransportSink): void {
    this.#inner.start(this.decrypting(sink));
  }

  /** A sink that decrypts in place and passes on. */
  decrypting(sink: TransportSink): TransportSink {
    return {
      handleBytes: (bytes, length) => {
        this.#decrypt.apply(bytes, bytes, length);
        sink.handleBytes(bytes, length);
      },
      handleDrain: () => sink.handleDrain(),
      handleClose: (error) => sink.handleClose(error),
    };
  }

  /** The bytes are encrypted into memory of their own, so the caller's are free at once. */
  write(bytes: Uint8Array, written?: () => void): boolean {
    const isTaken = this.#inner.write(this.#encrypt.applied(bytes));
    written?.();
    return isTaken;
  }

  cork(): void {
    this.#inner.cork();
  }

  uncork(): void {
    this.#inner.uncork();
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  close(): void {
    this.#inner.close();
  }
}
