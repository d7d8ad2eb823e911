/** The side of message stream encryption that dials. Bytes in, bytes out; no socket, no timer. */
import type { InfoHash, Random } from '@shoal/units';
import { readUint32, writeUint32 } from '../integers.ts';
import { KEY_LENGTH, KeyPair } from './diffie-hellman.ts';
import { MseInput, padLength } from './mse-input.ts';
import {
  initiatorCipher,
  maskTorrentHash,
  mseTorrentHash,
  responderCipher,
  syncMark,
} from './mse-keys.ts';
import { type MseMethod, methodBits, selectedMethod } from './mse-method.ts';
import {
  advance,
  concat,
  LENGTH_LENGTH,
  METHOD_LENGTH,
  type MseResult,
  type MseStep,
  mseResult,
  NO_BYTES,
  randomPad,
  VERIFICATION,
} from './mse-step.ts';
import type { Rc4 } from './rc4.ts';

export interface MseInitiatorOptions {
  readonly infoHash: InfoHash;
  readonly random: Random;
  /** What we are ready for; the responder selects one. */
  readonly provide: readonly MseMethod[];
  /** Sent with the offer, encrypted: the BitTorrent handshake, to save a round trip. At most 65,535 bytes. */
  readonly initialPayload: Uint8Array;
}

interface Ciphers {
  readonly encrypt: Rc4;
  readonly decrypt: Rc4;
}

/**
 * | state | waits for | then |
 * |---|---|---|
 * | key | their public key, 96 B | sends the offer |
 * | sync | ≤ 512 B of padding, the encrypted verification | |
 * | select | crypto_select u32, len(padD) u16 | checks the method |
 * | pad | padD | is done |
 * | over | | ignores what comes |
 */
type State =
  | { readonly name: 'key' }
  | { readonly name: 'sync'; readonly mark: Uint8Array; readonly ciphers: Ciphers }
  | { readonly name: 'select'; readonly ciphers: Ciphers }
  | {
      readonly name: 'pad';
      readonly length: number;
      readonly method: MseMethod;
      readonly ciphers: Ciphers;
    }
  | { readonly name: 'over' };

const OVER: State = { name: 'over' };

/** One outgoing handshake. */
export class MseInitiator {
  readonly #options: MseInitiatorOptions;
  readonly #keys: KeyPair;
  readonly #input = new MseInput();
  #state: State = { name: 'key' };
  #send = NO_BYTES;
  #result: MseResult | undefined;

  /** @throws RangeError when the initial payload is longer than its length field can say */
  constructor(options: MseInitiatorOptions) {
    if (options.initialPayload.length > 0xffff)
      throw new RangeError(`initial payload of ${options.initialPayload.length} bytes`);
    this.#options = options;
    this.#keys = new KeyPair(options.random);
  }

  /** What to send first: our public key and random padding. */
  start(): Uint8Array {
    return concat(this.#keys.publicKey, randomPad(this.#options.random));
  }

  /**
   * Takes the next bytes of the stream, `bytes[0..length)`; they are copied. After the end, and
   * after an error, it ignores them.
   * @throws WireError `mse-weak-key`, `mse-no-sync`, `mse-no-method`, `mse-pad-too-long`
   */
  receive(bytes: Uint8Array, length: number): MseStep {
    const state = this.#state;
    if (state.name === 'over') return { send: NO_BYTES, done: undefined };
    this.#input.append(bytes, length);
    this.#send = NO_BYTES;
    // Where an error leaves it.
    this.#state = OVER;
    this.#state = advance<State>(state, (at) => this.#step(at));
    return { send: this.#send, done: this.#result };
  }

  /** @returns the next state, or undefined when more bytes are needed */
  #step(state: Exclude<State, { readonly name: 'over' }>): State | undefined {
    switch (state.name) {
      case 'key':
        return this.#input.length < KEY_LENGTH ? undefined : this.#offer();
      case 'sync':
        if (!this.#input.skipPast(state.mark)) return undefined;
        return { name: 'select', ciphers: state.ciphers };
      case 'select':
        if (this.#input.length < METHOD_LENGTH + LENGTH_LENGTH) return undefined;
        return this.#select(state.ciphers);
      case 'pad':
        return this.#input.length < state.length ? undefined : this.#finish(state);
    }
  }

  /** Sends marks, then encrypted: verification | crypto_provide | len(padC) = 0 | len(IA) | IA. */
  #offer(): State {
    const { infoHash, provide, initialPayload } = this.#options;
    const secret = this.#keys.secret(this.#input.take(KEY_LENGTH));
    const encrypt = initiatorCipher(secret, infoHash);
    const decrypt = responderCipher(secret, infoHash);
    const fields = new Uint8Array(METHOD_LENGTH + 2 * LENGTH_LENGTH);
    writeUint32(fields, 0, methodBits(provide));
    // Both lengths in one: that of padC is 0.
    writeUint32(fields, METHOD_LENGTH, initialPayload.length);
    this.#send = concat(
      syncMark(secret),
      maskTorrentHash(mseTorrentHash(infoHash), secret),
      encrypt.applied(concat(VERIFICATION, fields, initialPayload)),
    );
    return { name: 'sync', mark: decrypt.applied(VERIFICATION), ciphers: { encrypt, decrypt } };
  }

  #select(ciphers: Ciphers): State {
    const fields = ciphers.decrypt.applied(this.#input.take(METHOD_LENGTH + LENGTH_LENGTH));
    return {
      name: 'pad',
      method: selectedMethod(this.#options.provide, readUint32(fields, 0)),
      length: padLength(fields.subarray(METHOD_LENGTH)),
      ciphers,
    };
  }

  #finish({ length, method, ciphers }: Extract<State, { readonly name: 'pad' }>): State {
    const { encrypt, decrypt } = ciphers;
    decrypt.applied(this.#input.take(length));
    const rest = this.#input.take(this.#input.length);
    const { infoHash } = this.#options;
    const initialPayload = NO_BYTES;
    this.#result = mseResult({ infoHash, method, encrypt, decrypt, initialPayload, rest });
    return OVER;
  }
}
