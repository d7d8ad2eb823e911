/** The handshakes at the start of a connection, in either direction, plain or encrypted. BEP 3. */
import {
  type Clock,
  equalBytes,
  type InfoHash,
  type Random,
  type Timer,
  type Transport,
  type TransportSink,
} from '@shoal/units';
import {
  encodeHandshake,
  type Handshake,
  HandshakeReader,
  looksLikeBitTorrent,
  MseInitiator,
  MseResponder,
  type MseResult,
  type MseStep,
  WireError,
} from '@shoal/wire';
import { EncryptedTransport, type EncryptionPolicy, METHODS } from './encryption.ts';

/** Half-open handshakes are cut off after this time. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** The longest start that is neither a plain nor an encrypted handshake yet. */
const HEADER_LENGTH = 20;

/** A transport on which both handshakes have passed. */
export interface Established {
  readonly transport: Transport;
  readonly theirs: Handshake;
  readonly isEncrypted: boolean;
  /** Hands the stream to its owner, beginning with the bytes behind the handshake. Called once. */
  attach(sink: TransportSink): void;
}

export interface HandshakeOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** Outgoing: our handshake, sent first. */
  readonly ours?: Handshake;
  /** Outgoing: whether to encrypt. Incoming: what is taken. */
  readonly encryption: EncryptionPolicy;
  /** Incoming: our answer to theirs, or undefined when we have no such torrent. */
  answer?(theirs: Handshake): Handshake | undefined;
  /** Incoming: the torrent whose hash is obfuscated so (MSE), if it is here. */
  findInfoHash?(torrentHash: Uint8Array): InfoHash | undefined;
  /** Called once, unless `failed` is. */
  done(established: Established): void;
  failed(reason: string): void;
}

/** Runs the handshake. @returns a function that gives it up without a word */
export function exchangeHandshakes(options: HandshakeOptions): () => void {
  const exchange = new HandshakeExchange(options);
  exchange.start();
  return () => exchange.abort();
}

/** encrypting: MSE is under way; plain: the BitTorrent handshake is awaited. */
type Stage =
  | { readonly name: 'header'; readonly bytes: Uint8Array }
  | { readonly name: 'encrypting'; readonly mse: { receive(b: Uint8Array, n: number): MseStep } }
  | { readonly name: 'plain' }
  | { readonly name: 'over' };

class HandshakeExchange implements TransportSink {
  readonly #options: HandshakeOptions;
  readonly #reader = new HandshakeReader();
  #stage: Stage = { name: 'plain' };
  #transport: Transport;
  #timer: Timer | undefined;
  #owner: TransportSink | undefined;
  #cipher: MseResult | undefined;
  /** The torrent whose key the other side encrypted with. */
  #promised: InfoHash | undefined;

  constructor(options: HandshakeOptions) {
    this.#options = options;
    this.#transport = options.transport;
  }

  start(): void {
    const { transport, clock, ours, encryption } = this.#options;
    this.#timer = clock.after(HANDSHAKE_TIMEOUT_MS, () => this.#fail('no handshake in time'));
    if (ours === undefined) this.#stage = { name: 'header', bytes: new Uint8Array(0) };
    else if (encryption === 'off') transport.write(encodeHandshake(ours));
    else this.#initiate(ours, encryption);
    transport.start(this);
  }

  abort(): void {
    if (this.#stage.name === 'over') return;
    this.#end();
    this.#options.transport.close();
  }

  handleBytes(bytes: Uint8Array, length: number): void {
    if (this.#owner !== undefined) return this.#owner.handleBytes(bytes, length);
    try {
      this.#read(bytes, length);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#fail(error.message);
    }
  }

  handleDrain(): void {
    this.#owner?.handleDrain();
  }

  handleClose(error: Error | undefined): void {
    if (this.#owner !== undefined) this.#owner.handleClose(error);
    else this.#fail(error?.message ?? 'closed during the handshake');
  }

  #read(bytes: Uint8Array, length: number): void {
    const stage = this.#stage;
    if (stage.name === 'header') this.#readHeader(stage.bytes, bytes.slice(0, length));
    else if (stage.name === 'encrypting') this.#step(stage.mse.receive(bytes, length));
    else if (stage.name === 'plain') {
      const cipher = this.#cipher?.decrypt;
      cipher?.apply(bytes, bytes, length);
      const read = this.#reader.push(bytes, length);
      if (read !== undefined) this.#establish(read.handshake, read.rest);
    }
  }

  /** Incoming: tells a plain handshake from an encrypted one. */
  #readHeader(kept: Uint8Array, more: Uint8Array): void {
    const bytes = kept.length === 0 ? more : new Uint8Array(Buffer.concat([kept, more]));
    const { encryption, random, findInfoHash } = this.#options;
    const isPlain = looksLikeBitTorrent(bytes, Math.min(bytes.length, HEADER_LENGTH));
    if (isPlain === undefined) {
      this.#stage = { name: 'header', bytes };
    } else if (isPlain) {
      if (encryption === 'require') return this.#fail('is not encrypted');
      this.#stage = { name: 'plain' };
      this.#read(bytes, bytes.length);
    } else {
      if (encryption === 'off' || findInfoHash === undefined)
        return this.#fail('is not BitTorrent');
      const find = (torrentHash: Uint8Array): InfoHash | undefined => {
        this.#promised = findInfoHash(torrentHash);
        return this.#promised;
      };
      const accept = METHODS[encryption];
      const mse = new MseResponder({ random, accept, findInfoHash: find });
      this.#stage = { name: 'encrypting', mse };
      this.#read(bytes, bytes.length);
    }
  }

  #initiate(ours: Handshake, encryption: 'prefer' | 'require'): void {
    const mse = new MseInitiator({
      infoHash: ours.infoHash,
      random: this.#options.random,
      provide: METHODS[encryption],
      initialPayload: encodeHandshake(ours),
    });
    this.#stage = { name: 'encrypting', mse };
    this.#options.transport.write(mse.start());
  }

  #step(step: MseStep): void {
    if (step.send.length > 0) this.#options.transport.write(step.send);
    if (step.done === undefined) return;
    const { encrypt, decrypt, initialPayload, rest } = step.done;
    if (encrypt !== undefined && decrypt !== undefined)
      this.#transport = new EncryptedTransport(this.#options.transport, encrypt, decrypt);
    this.#stage = { name: 'plain' };
    // What came is decrypted already; what comes later passes the cipher.
    const readable = new Uint8Array(Buffer.concat([initialPayload, rest]));
    const read = this.#reader.push(readable, readable.length);
    if (read !== undefined) this.#establish(read.handshake, read.rest);
    else this.#cipher = step.done;
  }

  #establish(theirs: Handshake, rest: Uint8Array): void {
    const { ours, answer, done } = this.#options;
    const transport = this.#transport;
    if (this.#promised !== undefined && !equalBytes(this.#promised, theirs.infoHash))
      return this.#fail('asks for another torrent than it encrypted for');
    if (ours === undefined) {
      const reply = answer?.(theirs);
      if (reply === undefined) return this.#fail('asks for a torrent that is not here');
      transport.write(encodeHandshake(reply));
    } else if (Buffer.compare(ours.infoHash, theirs.infoHash) !== 0) {
      return this.#fail('answered with another infohash');
    }
    this.#end();
    done({
      transport,
      theirs,
      isEncrypted: transport instanceof EncryptedTransport,
      attach: (sink) => {
        this.#owner = transport instanceof EncryptedTransport ? transport.decrypting(sink) : sink;
        if (rest.length > 0) sink.handleBytes(rest, rest.length);
      },
    });
  }

  #fail(reason: string): void {
    if (this.#stage.name === 'over') return;
    this.#end();
    this.#options.transport.close();
    this.#options.failed(reason);
  }

  #end(): void {
    this.#stage = { name: 'over' };
    this.#timer?.cancel();
  }
}
