/**
 * Connection ids that need no memory: a MAC over the client's address and the time. Who sends with a
 * false address never sees one, and one stolen elsewhere is worth nothing here. BEP 15.
 *
 * Message: IPv4 address | window, or IPv6 address | window | 0, in words of 4 bytes. The id is the
 * whole MAC of 8 bytes. An id is good in the window of 60 s in which it was given and in the next:
 * for 60 s at least, as clients may count on, and 120 s at most.
 */
import { equalBytes } from '@shoal/units';
import { readWord } from '../read-word.ts';
import { sipHash } from './sip-hash.ts';

const WINDOW_MS = 60_000;

/** What processes that share an address have in common: an id of one is good for the others. */
export interface SharedKey {
  /** 16 bytes. */
  readonly secret: Uint8Array;
  /** Their common time minus that of this process's clock, in milliseconds. */
  readonly shiftMs: number;
}

export class ConnectionIds {
  #key: Int32Array;
  #shiftMs: number;
  #secret: Uint8Array;
  /** As it was before: its ids are good for as long as any. */
  #former:
    | { readonly key: Int32Array; readonly shiftMs: number; readonly untilMs: number }
    | undefined;
  readonly #message = new Int32Array(6);
  readonly #mac = new Int32Array(2);

  constructor({ secret, shiftMs }: SharedKey) {
    this.#secret = secret;
    this.#key = keyOf(secret);
    this.#shiftMs = shiftMs;
  }

  /** Takes what the others have; the ids that were given stay good for their time. */
  follow({ secret, shiftMs }: SharedKey, nowMs: number): void {
    if (shiftMs === this.#shiftMs && equalBytes(secret, this.#secret)) return;
    const untilMs = nowMs + 2 * WINDOW_MS;
    this.#former = { key: this.#key, shiftMs: this.#shiftMs, untilMs };
    this.#secret = secret;
    this.#key = keyOf(secret);
    this.#shiftMs = shiftMs;
  }

  /** Writes the 8 bytes of the id for an address. @param ip - its 4 or 16 bytes, more may follow */
  write(ip: Uint8Array, family: 4 | 6, nowMs: number, into: Uint8Array, at: number): void {
    this.#compute(ip, family, Math.floor((nowMs + this.#shiftMs) / WINDOW_MS), this.#key);
    for (let byte = 0; byte < 8; byte++) into[at + byte] = this.#byte(byte);
  }

  /** Whether the first 8 bytes of a packet are an id that was given to this address. */
  verify(ip: Uint8Array, family: 4 | 6, nowMs: number, packet: Uint8Array): boolean {
    if (this.#isGood(ip, family, nowMs + this.#shiftMs, packet, this.#key)) return true;
    const former = this.#former;
    if (former === undefined || nowMs >= former.untilMs) return false;
    return this.#isGood(ip, family, nowMs + former.shiftMs, packet, former.key);
  }

  #isGood(ip: Uint8Array, family: 4 | 6, timeMs: number, packet: Uint8Array, key: Int32Array) {
    const window = Math.floor(timeMs / WINDOW_MS);
    return (
      this.#isOf(ip, family, window, packet, key) || this.#isOf(ip, family, window - 1, packet, key)
    );
  }

  /** Compares all bytes, wherever they differ: time tells nothing about the id. */
  #isOf(ip: Uint8Array, family: 4 | 6, window: number, packet: Uint8Array, key: Int32Array) {
    this.#compute(ip, family, window, key);
    let difference = 0;
    for (let byte = 0; byte < 8; byte++) difference |= packet[byte]! ^ this.#byte(byte);
    return difference === 0;
  }

  #compute(ip: Uint8Array, family: 4 | 6, window: number, key: Int32Array): void {
    const ipWords = family === 4 ? 1 : 4;
    for (let word = 0; word < ipWords; word++) this.#message[word] = readWord(ip, 4 * word);
    this.#message[ipWords] = window;
    sipHash(key, this.#message, family === 4 ? 1 : 3, this.#mac);
  }

  #byte(index: number): number {
    return (this.#mac[index >> 2]! >>> ((index & 3) << 3)) & 255;
  }
}

function keyOf(secret: Uint8Array): Int32Array {
  return new Int32Array(new Uint8Array(secret).buffer);
}
