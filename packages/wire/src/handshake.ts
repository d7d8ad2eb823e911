/** The handshake with which both sides begin. BEP 3, reserved bits of BEP 5, 6 and 10. */
import { type InfoHash, type PeerId, toInfoHash, toPeerId } from '@shoal/units';
import { HANDSHAKE_LENGTH } from './constants.ts';
import { WireError } from './wire-error.ts';

/** Who speaks, about which torrent, and what it can do. */
export interface Handshake {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** BEP 6: reserved byte 7, bit 0x04. */
  readonly supportsFast: boolean;
  /** BEP 10: reserved byte 5, bit 0x10. */
  readonly supportsExtended: boolean;
  /** BEP 5: reserved byte 7, bit 0x01. */
  readonly supportsDht: boolean;
}

export interface HandshakeRead {
  readonly handshake: Handshake;
  /** A copy of the bytes that came behind the handshake: the first of the session. */
  readonly rest: Uint8Array;
}

/** Length 19, then the name. */
export const PROTOCOL_HEADER: Uint8Array = new TextEncoder().encode('\x13BitTorrent protocol');

const RESERVED_AT = 20;
const INFO_HASH_AT = 28;
const PEER_ID_AT = 48;

/**
 * Writes a handshake: HANDSHAKE_LENGTH bytes.
 *
 * Shape: 19 u8 | "BitTorrent protocol" | reserved 8 B | infohash 20 B | peer id 20 B.
 * @see BEP 3 "peer protocol"
 */
export function encodeHandshake(handshake: Handshake): Uint8Array {
  const bytes = new Uint8Array(HANDSHAKE_LENGTH);
  bytes.set(PROTOCOL_HEADER);
  if (handshake.supportsExtended) bytes[RESERVED_AT + 5]! |= 0x10;
  if (handshake.supportsFast) bytes[RESERVED_AT + 7]! |= 0x04;
  if (handshake.supportsDht) bytes[RESERVED_AT + 7]! |= 0x01;
  bytes.set(handshake.infoHash, INFO_HASH_AT);
  bytes.set(handshake.peerId, PEER_ID_AT);
  return bytes;
}

/** Collects one handshake from a stream, however it is cut. */
export class HandshakeReader {
  readonly #bytes = new Uint8Array(HANDSHAKE_LENGTH);
  #length = 0;

  /**
   * Takes the next bytes of the stream, `bytes[0..length)`; they are copied.
   * @returns the handshake and what came behind it, or undefined while more is needed
   * @throws WireError `bad-protocol` as soon as a byte differs from the protocol's name
   */
  push(bytes: Uint8Array, length: number): HandshakeRead | undefined {
    const taken = Math.min(length, HANDSHAKE_LENGTH - this.#length);
    const checkedLength = this.#length;
    this.#bytes.set(bytes.subarray(0, taken), checkedLength);
    this.#length += taken;
    this.#demandProtocol(checkedLength);
    if (this.#length < HANDSHAKE_LENGTH) return undefined;
    return { handshake: this.#read(), rest: bytes.slice(taken, length) };
  }

  #demandProtocol(from: number): void {
    const until = Math.min(this.#length, PROTOCOL_HEADER.length);
    for (let at = from; at < until; at++) {
      if (this.#bytes[at] === PROTOCOL_HEADER[at]) continue;
      const got = this.#bytes[at]!;
      throw new WireError('bad-protocol', `byte ${at} of the handshake is ${got}`, { got });
    }
  }

  #read(): Handshake {
    const bytes = this.#bytes;
    return {
      infoHash: toInfoHash(bytes.slice(INFO_HASH_AT, PEER_ID_AT))!,
      peerId: toPeerId(bytes.slice(PEER_ID_AT))!,
      supportsExtended: (bytes[RESERVED_AT + 5]! & 0x10) !== 0,
      supportsFast: (bytes[RESERVED_AT + 7]! & 0x04) !== 0,
      supportsDht: (bytes[RESERVED_AT + 7]! & 0x01) !== 0,
    };
  }
}
