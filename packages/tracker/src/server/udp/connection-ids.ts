/**
 * Connection ids that need no memory: a MAC over the client's address and the time. Who sends with a
 * false address never sees one, and one stolen elsewhere is worth nothing here. BEP 15.
 *
 * Message: IPv4 address | window, or IPv6 address | window | 0, in words of 4 bytes. The id is the
 * whole MAC of 8 bytes. An id is good in the window of 60 s in which it was given and in the next:
 * for 60 s at least, as clients may count on, and 120 s at most.
 */
import { sipHash } from './sip-hash.ts';

const WINDOW_MS = 60_000;

export class ConnectionIds {
  readonly #key: Int32Array;
  readonly #message = new Int32Array(6);
  readonly #mac = new Int32Array(2);

  /** @param secret - 16 bytes; processes that share an address share it, and their clock */
  constructor(secret: Uint8Array) {
    this.#key = new Int32Array(new Uint8Array(secret).buffer);
  }

  /** Writes the 8 bytes of the id for an address. @param ip - its 4 or 16 bytes, more may follow */
  write(ip: Uint8Array, family: 4 | 6, nowMs: number, into: Uint8Array, at: number): void {
    this.#compute(ip, family, Math.floor(nowMs / WINDOW_MS));
    for (let byte = 0; byte < 8; byte++) into[at + byte] = this.#byte(byte);
  }

  /** Whether the first 8 bytes of a packet are an id that was given to this address. */
  verify(ip: Uint8Array, family: 4 | 6, nowMs: number, packet: Uint8Array): boolean {
    const window = Math.floor(nowMs / WINDOW_MS);
    return this.#isOf(ip, family, window, packet) || this.#isOf(ip, family, window - 1, packet);
  }

  /** Compares all bytes, wherever they differ: time tells nothing about the id. */
  #isOf(ip: Uint8Array, family: 4 | 6, window: number, packet: Uint8Array): boolean {
    this.#compute(ip, family, window);
    let difference = 0;
    for (let byte = 0; byte < 8; byte++) difference |= packet[byte]! ^ this.#byte(byte);
    return difference === 0;
  }

  #compute(ip: Uint8Array, family: 4 | 6, window: number): void {
    const ipWords = family === 4 ? 1 : 4;
    for (let word = 0, at = 0; word < ipWords; word++, at += 4)
      this.#message[word] =
        (ip[at]! << 24) | (ip[at + 1]! << 16) | (ip[at + 2]! << 8) | ip[at + 3]!;
    this.#message[ipWords] = window;
    sipHash(this.#key, this.#message, family === 4 ? 1 : 3, this.#mac);
  }

  #byte(index: number): number {
    return (this.#mac[index >> 2]! >>> ((index & 3) << 3)) & 255;
  }
}
