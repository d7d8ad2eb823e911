/** The side of message stream encryption that is dialled. Bytes in, bytes out; no socket, no timer. */
import type { InfoHash, Random } from '@shoal/units';
import { readUint32, writeUint32 } from '../integers.ts';
import { WireError } from '../wire-error.ts';
import { KEY_LENGTH, KeyPair } from './diffie-hellman.ts';
import { MseInput, padLength } from './mse-input.ts';
import { initiatorCipher, maskTorrentHash, responderCipher, syncMark } from './mse-keys.ts';
import { chooseMethod, type MseMethod, methodBits } from './mse-method.ts';
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

export interface MseResponderOptions {
  readonly random: Random;
  /** What we take, the one we like best first. */
  readonly accept: readonly MseMethod[];
  /**
   * The torrent whose `mseTorrentHash` this is (20 bytes), or undefined when we have none such:
   * called once a handshake, so it should look it up in a map.
   */
  findInfoHash(torrentHash: Uint8Array): InfoHash | undefined;
}

/** What is known once the torrent is. */
interface Torrent {
  readonly infoHash: InfoHash;
  readonly encrypt: Rc4;
  readonly decrypt: Rc4;
}

/**
 * | state | waits for | then |
 * |---|---|---|
 * | key | their public key, 96 B | sends our key and padding |
 * | sync | ≤ 512 B of padding, the hash of the secret, 20 B | |
 * | torrent | the masked hash of the torrent, 20 B | finds the torrent |
 * | offer | encrypted: verification 8 B, crypto_provide u32, len(padC) u16 | chooses the method |
 * | pad | encrypted: padC, len(IA) u16 | |
 * | payload | encrypted: IA | sends our choice, is done |
 * | over | | ignores what comes |
 */
type State =
  | { readonly name: 'key' }
  | { readonly name: 'sync'; readonly mark: Uint8Array; readonly secret: Uint8Array }
  | { readonly name: 'torrent'; readonly secret: Uint8Array }
  | { readonly name: 'offer'; readonly torrent: Torrent }
  | {
      readonly name: 'pad' | 'payload';
      readonly length: number;
      readonly method: MseMethod;
      readonly torrent: Torrent;
    }
  | { readonly name: 'over' };

const OVER: State = { name: 'over' };
const TORRENT_HASH_LENGTH = 20;
const OFFER_LENGTH = VERIFICATION.length + METHOD_LENGTH + LENGTH_LENGTH;

/** One incoming handshake. */
export class MseResponder {
  readonly #options: MseResponderOptions;
  readonly #input = new MseInput();
  #state: State = { name: 'key' };
  #send = NO_BYTES;
  #result: MseResult | undefined;

  constructor(options: MseResponderOptions) {
    this.#options = options;
  }

  /**
   * Takes the next bytes of the stream, `bytes[0..length)`; they are copied. After the end, and
   * after an error, it ignores them.
   * @throws WireError `mse-weak-key`, `mse-no-sync`, `mse-unknown-torrent`, `mse-wrong-verification`,
   *   `mse-no-method`, `mse-pad-too-long`
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
    const available = this.#input.length;
    switch (state.name) {
      case 'key':
        return available < KEY_LENGTH ? undefined : this.#answerKey();
      case 'sync':
        if (!this.#input.skipPast(state.mark)) return undefined;
        return { name: 'torrent', secret: state.secret };
      case 'torrent':
        return available < TORRENT_HASH_LENGTH ? undefined : this.#findTorrent(state.secret);
      case 'offer':
        return available < OFFER_LENGTH ? undefined : this.#readOffer(state.torrent);
      case 'pad': {
        if (available < state.length + LENGTH_LENGTH) return undefined;
        const tail = this.#read(state.torrent, state.length + LENGTH_LENGTH);
        const length = (tail[state.length]! << 8) | tail[state.length + 1]!;
        return { ...state, name: 'payload', length };
      }
      case 'payload':
        return available < state.length ? undefined : this.#finish(state);
    }
  }

  #answerKey(): State {
    const keys = new KeyPair(this.#options.random);
    const secret = keys.secret(this.#input.take(KEY_LENGTH));
    this.#send = concat(this.#send, keys.publicKey, randomPad(this.#options.random));
    return { name: 'sync', mark: syncMark(secret), secret };
  }

  #findTorrent(secret: Uint8Array): State {
    const hash = maskTorrentHash(this.#input.take(TORRENT_HASH_LENGTH), secret);
    const infoHash = this.#options.findInfoHash(hash);
    if (infoHash === undefined)
      throw new WireError('mse-unknown-torrent', 'the handshake is for a torrent we lack');
    const encrypt = responderCipher(secret, infoHash);
    const decrypt = initiatorCipher(secret, infoHash);
    return { name: 'offer', torrent: { infoHash, encrypt, decrypt } };
  }

  #readOffer(torrent: Torrent): State {
    const fields = this.#read(torrent, OFFER_LENGTH);
    if (fields.subarray(0, VERIFICATION.length).some((byte) => byte !== 0))
      throw new WireError('mse-wrong-verification', 'the verification is not zero');
    const method = chooseMethod(this.#options.accept, readUint32(fields, VERIFICATION.length));
    const length = padLength(fields.subarray(VERIFICATION.length + METHOD_LENGTH));
    return { name: 'pad', length, method, torrent };
  }

  /** Sends, encrypted: verification | crypto_select | len(padD) = 0. */
  #finish(state: Extract<State, { readonly name: 'pad' | 'payload' }>): State {
    const { torrent, method } = state;
    const initialPayload = this.#read(torrent, state.length);
    const choice = new Uint8Array(METHOD_LENGTH + LENGTH_LENGTH);
    writeUint32(choice, 0, methodBits([method]));
    this.#send = concat(this.#send, torrent.encrypt.applied(concat(VERIFICATION, choice)));
    const rest = this.#input.take(this.#input.length);
    this.#result = mseResult({ ...torrent, method, initialPayload, rest });
    return OVER;
  }

  #read(torrent: Torrent, length: number): Uint8Array {
    return torrent.decrypt.applied(this.#input.take(length));
  }
}
