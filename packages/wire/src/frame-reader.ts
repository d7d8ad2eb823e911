/** Cuts a stream into frames by offset: short ones in place, bodies as their bytes come. */
import { MESSAGE_ID, messageTypeOf, PREFIX_LENGTH } from './constants.ts';
import type { FrameLimits } from './frame-limits.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { readUint32 } from './integers.ts';

/** What the reader finds, in the order of the stream. */
export interface FrameSink {
  /** A message of fixed shape: its fields begin at `bytes[at]` and are all there. */
  handleFixed(id: number, bytes: Uint8Array, at: number): void;
  /**
   * A `piece` begins. The body is copied into the returned buffer at offset `begin` as it comes,
   * or drained when there is none.
   */
  beginBlock(pieceIndex: number, begin: number, length: number): Uint8Array | undefined;
  /** The body of the last `beginBlock` is whole. */
  endBlock(pieceIndex: number, begin: number, length: number, stored: boolean): void;
  /** A bitfield, extended or unknown message begins: the moment to refuse it. */
  beginLong(id: number): void;
  /**
   * A bitfield or extended message is whole; `payload` is everything behind the id, the sink's own
   * copy. The body of an unknown message is skipped.
   */
  handleLong(id: number, payload: Uint8Array): void;
}

/** Bytes of the longest head: a request, or a piece up to its block. */
const HEAD_LENGTH = 17;
const PIECE_HEAD_LENGTH = 13;
const ID_HEAD_LENGTH = PREFIX_LENGTH + 1;

/** What the next bytes of the stream are. */
type Part = 'head' | 'block' | 'payload' | 'skipped';

/**
 * One direction of one connection. A frame is a head (prefix, id, fixed fields) and, for three
 * kinds, a body. Heads are read where they lie in the input; only a head that is cut between two
 * inputs is gathered, in 17 bytes. Bodies of `piece` go straight to their target.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #limits: FrameLimits;
  readonly #head = new Uint8Array(HEAD_LENGTH);
  #headLength = 0;
  #part: Part = 'head';
  #stopped = false;

  #bodyId = 0;
  #bodyLeft = 0;
  #payload: GrowingBytes | undefined;
  #block: Uint8Array | undefined;
  #blockAt = 0;
  #pieceIndex = 0;
  #begin = 0;
  #blockLength = 0;

  constructor(sink: FrameSink, limits: FrameLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Makes a running `receive` return at once and later ones do nothing. */
  stop(): void {
    this.#stopped = true;
    this.#block = undefined;
    this.#payload = undefined;
  }

  /** The block that is coming is not wanted in its target any more: the rest of it is drained. */
  dropBlock(): void {
    this.#block = undefined;
  }

  /** Takes `bytes[0..length)`; nothing refers to them afterwards. @throws WireError, see FrameLimits */
  receive(bytes: Uint8Array, length: number): void {
    let at = this.#headLength > 0 ? this.#resumeHead(bytes, length) : 0;
    while (at < length && !this.#stopped) {
      if (this.#part === 'head') {
        const used = this.#readHead(bytes, at, length);
        if (used === 0) {
          this.#keepHead(bytes, at, length);
          return;
        }
        at += used;
      } else {
        at += this.#readBody(bytes, at, length);
      }
    }
  }

  /** Completes a head that was cut. @returns where the input goes on behind it */
  #resumeHead(bytes: Uint8Array, length: number): number {
    const kept = this.#headLength;
    const added = this.#keepHead(bytes, 0, length);
    if (this.#stopped) return length;
    const used = this.#readHead(this.#head, 0, this.#headLength);
    if (used === 0) return added;
    this.#headLength = 0;
    return used - kept;
  }

  #keepHead(bytes: Uint8Array, from: number, length: number): number {
    const until = Math.min(length, from + HEAD_LENGTH - this.#headLength);
    for (let at = from; at < until; at++) this.#head[this.#headLength++] = bytes[at]!;
    return until - from;
  }

  /** Reads the head at `at`. @returns its bytes, or 0 when not all of it lies before `end` */
  #readHead(bytes: Uint8Array, at: number, end: number): number {
    const available = end - at;
    if (available < PREFIX_LENGTH) return 0;
    const frameLength = readUint32(bytes, at);
    if (frameLength === 0) return PREFIX_LENGTH;
    if (available < ID_HEAD_LENGTH) {
      this.#limits.checkPrefix(frameLength);
      return 0;
    }
    const id = bytes[at + PREFIX_LENGTH]!;
    this.#limits.check(id, frameLength);
    if (id === MESSAGE_ID.piece) return this.#readPieceHead(bytes, at, available, frameLength);
    if (id === MESSAGE_ID.extended || id === MESSAGE_ID.bitfield)
      return this.#beginPayload(id, frameLength - 1, available - ID_HEAD_LENGTH);
    if (messageTypeOf(id) === undefined) return this.#skip(id, frameLength - 1);
    const headLength = PREFIX_LENGTH + frameLength;
    if (available < headLength) return 0;
    this.#sink.handleFixed(id, bytes, at + ID_HEAD_LENGTH);
    return headLength;
  }

  #readPieceHead(bytes: Uint8Array, at: number, available: number, frameLength: number): number {
    if (available < PIECE_HEAD_LENGTH) return 0;
    this.#pieceIndex = readUint32(bytes, at + 5);
    this.#begin = readUint32(bytes, at + 9);
    this.#blockLength = frameLength - (PIECE_HEAD_LENGTH - PREFIX_LENGTH);
    this.#block = this.#sink.beginBlock(this.#pieceIndex, this.#begin, this.#blockLength);
    this.#blockAt = this.#begin;
    this.#beginBody('block', MESSAGE_ID.piece, this.#blockLength);
    return PIECE_HEAD_LENGTH;
  }

  #beginPayload(id: number, length: number, available: number): number {
    this.#sink.beginLong(id);
    this.#payload = new GrowingBytes(length, available);
    this.#beginBody('payload', id, length);
    return ID_HEAD_LENGTH;
  }

  #skip(id: number, length: number): number {
    this.#sink.beginLong(id);
    this.#beginBody('skipped', id, length);
    return ID_HEAD_LENGTH;
  }

  #beginBody(part: Part, id: number, length: number): void {
    this.#part = part;
    this.#bodyId = id;
    this.#bodyLeft = length;
    if (length === 0) this.#endBody();
  }

  /** Takes what lies in the input of the body. @returns how many bytes that were */
  #readBody(bytes: Uint8Array, at: number, end: number): number {
    const taken = Math.min(this.#bodyLeft, end - at);
    if (this.#block !== undefined) {
      this.#block.set(bytes.subarray(at, at + taken), this.#blockAt);
      this.#blockAt += taken;
    } else if (this.#payload !== undefined) {
      this.#payload.append(bytes, at, at + taken);
    }
    this.#bodyLeft -= taken;
    if (this.#bodyLeft === 0) this.#endBody();
    return taken;
  }

  #endBody(): void {
    const part = this.#part;
    this.#part = 'head';
    if (part === 'block') {
      const stored = this.#block !== undefined;
      this.#block = undefined;
      this.#sink.endBlock(this.#pieceIndex, this.#begin, this.#blockLength, stored);
    } else if (part === 'payload') {
      const payload = this.#payload!.bytes;
      this.#payload = undefined;
      this.#sink.handleLong(this.#bodyId, payload);
    }
  }
}
