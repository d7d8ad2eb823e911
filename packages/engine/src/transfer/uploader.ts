/** Answers the requests of the peers of one torrent, within the limits, from the extent cache. */
import type { Bitfield, Clock, PieceIndex, PieceLayout } from '@shoal/units';
import { PIECE_HEADER_LENGTH, WireError, writePieceHeader } from '@shoal/wire';
import { lend, takeBack } from '../peers/allowed-fast.ts';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { RequestReceiver } from '../peers/peer-host.ts';
import { EXTENT_LENGTH, ExtentCache, type ExtentCacheOptions } from './extent-cache.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RateMeter } from './rate-meter.ts';
import { SendBuffers } from './send-buffers.ts';
import { UPLOAD_QUEUE_LIMIT } from './upload-queue.ts';

/** Bytes that may wait in a transport: enough to keep it busy until its next drain. */
const SEND_AHEAD_LENGTH = 1024 * 1024;
/** Extents that are read ahead for one peer. */
const READ_AHEAD_EXTENTS = 4;

export interface UploaderOptions {
  readonly layout: PieceLayout;
  readonly have: Bitfield;
  /** Reads bytes of a piece we have; fails rather than give what is no more as it was verified. */
  readonly read: ExtentCacheOptions<PeerConnection>['read'];
  readonly limiter: RateLimiter;
  readonly meter: RateMeter;
  readonly clock: Clock;
  peers(): Iterable<PeerConnection>;
  /** A piece we claim to have could not be read. */
  handleReadError(pieceIndex: PieceIndex, error: unknown): void;
}

export class Uploader implements RequestReceiver<PeerConnection> {
  readonly #options: UploaderOptions;
  readonly #cache: ExtentCache<PeerConnection>;
  readonly #buffers = new SendBuffers();
  #enabled = false;
  /** Which of those that wait is served first when the limit is tight. */
  #turn = 0;

  constructor(options: UploaderOptions) {
    this.#options = options;
    this.#cache = new ExtentCache({
      read: options.read,
      layout: options.layout,
      handleRead: (peer) => this.pump(peer),
      handleError: (peers, pieceIndex, error) => {
        options.handleReadError(pieceIndex, error);
        for (const peer of peers) this.rejectAll(peer);
      },
    });
  }

  enable(): void {
    this.#enabled = true;
  }

  disable(): void {
    this.#enabled = false;
    for (const peer of this.#options.peers()) {
      this.rejectAll(peer);
      peer.up.rest();
    }
    this.rest();
  }

  /** Nobody is served: nothing flows, and what was read is let go of. */
  rest(): void {
    this.#options.meter.rest();
    this.#cache.clear();
    this.#buffers.clear();
  }

  /** @throws WireError `flood` when too many wait already */
  handleRequest(peer: PeerConnection, pieceIndex: PieceIndex, begin: number, length: number): void {
    const { layout, have } = this.#options;
    const isHere = this.#enabled && have.has(pieceIndex);
    if (!isHere || (peer.session.amChoking && !lend(peer, pieceIndex, length, layout))) {
      if (peer.supportsFast) peer.send({ type: 'reject', pieceIndex, begin, length });
      return;
    }
    if (peer.uploads.isFull)
      throw new WireError('flood', `more than ${UPLOAD_QUEUE_LIMIT} requests waiting`);
    peer.uploads.push(pieceIndex, begin, length);
  }

  handleCancel(peer: PeerConnection, pieceIndex: PieceIndex, begin: number, length: number): void {
    // With BEP 6 each request is answered: by the block or, cancelled in time, by a reject.
    if (!peer.uploads.cancel(pieceIndex, begin, length)) return;
    if (peer.session.amChoking) takeBack(peer, pieceIndex, length);
    if (peer.supportsFast) peer.send({ type: 'reject', pieceIndex, begin, length });
  }

  /** We choke the peer: what it waits for is void, but for the pieces lent to it (BEP 6). */
  rejectChoked(peer: PeerConnection): void {
    for (const [pieceIndex, begin, length] of peer.uploads.clear())
      if (lend(peer, pieceIndex as PieceIndex, length, this.#options.layout))
        peer.uploads.push(pieceIndex, begin, length);
      else if (peer.supportsFast) peer.send({ type: 'reject', pieceIndex, begin, length });
  }

  /** It is served no more: what it waits for is void. */
  rejectAll(peer: PeerConnection): void {
    for (const [pieceIndex, begin, length] of peer.uploads.clear())
      if (peer.supportsFast) peer.send({ type: 'reject', pieceIndex, begin, length });
  }

  /** Tokens came back: serves all, beginning behind the peer that was served last. */
  pumpAll(): void {
    const waiting = [...this.#options.peers()].filter((peer) => peer.uploads.size > 0);
    const first = this.#turn;
    for (let n = first; n < first + waiting.length; n++) {
      const peer = waiting[n % waiting.length]!;
      const before = peer.up.total;
      this.#serve(peer);
      if (peer.up.total > before) this.#turn = (n + 1) % waiting.length;
    }
  }

  /** Serves one peer, unless a limit is tight: then who asks most often would take it all. */
  pump(peer: PeerConnection): void {
    const { limiter, clock } = this.#options;
    if (limiter.isUnlimited || !limiter.isScarce(clock.nowMs())) this.#serve(peer);
  }

  #serve(peer: PeerConnection): void {
    while (this.#enabled && !peer.isClosed && peer.transport.bufferedLength < SEND_AHEAD_LENGTH)
      if (!this.#sendSome(peer)) return;
  }

  /** Sends as many blocks as one buffer holds. @returns false when nothing could be sent now */
  #sendSome(peer: PeerConnection): boolean {
    const { uploads } = peer;
    if (!uploads.seek()) return false;
    const buffer = this.#buffers.take(uploads.length + PIECE_HEADER_LENGTH);
    let at = 0;
    while (uploads.seek() && at + PIECE_HEADER_LENGTH + uploads.length <= buffer.length) {
      const next = this.#writeBlock(peer, buffer, at);
      if (next === at) break;
      at = next;
    }
    if (at === 0) this.#buffers.giveBack(buffer);
    else peer.sendBytes(buffer.subarray(0, at), () => this.#buffers.giveBack(buffer));
    return at > 0;
  }

  /** Copies the message at the head of the queue to `at`. @returns the end of it; `at` when it must wait */
  #writeBlock(peer: PeerConnection, buffer: Uint8Array, at: number): number {
    const { uploads } = peer;
    const pieceIndex = uploads.pieceIndex as PieceIndex;
    const { begin, length } = uploads;
    const extentEnd = (Math.floor(begin / EXTENT_LENGTH) + 1) * EXTENT_LENGTH;
    const first = this.#cache.peek(pieceIndex, begin);
    const isSplit = begin + length > extentEnd;
    const second = isSplit ? this.#cache.peek(pieceIndex, extentEnd) : undefined;
    if (first === undefined || begin % EXTENT_LENGTH === 0) this.#readAhead(peer);
    if (first === undefined || (isSplit && second === undefined)) {
      if (isSplit) this.#cache.fetch(pieceIndex, extentEnd, peer);
      return at;
    }
    if (!this.#isGranted(length)) return at;
    const bodyAt = writePieceHeader(buffer, at, pieceIndex, begin, length);
    const from = begin % EXTENT_LENGTH;
    const head = first.subarray(from, Math.min(from + length, first.length));
    buffer.set(head, bodyAt);
    if (second !== undefined)
      buffer.set(second.subarray(0, length - head.length), bodyAt + head.length);
    uploads.shift();
    peer.up.add(length);
    const taken = peer.offered.get(pieceIndex);
    if (taken !== undefined) peer.offered.set(pieceIndex, taken + length);
    this.#options.meter.add(length);
    return bodyAt + length;
  }

  #isGranted(length: number): boolean {
    const { limiter, clock } = this.#options;
    return limiter.isUnlimited || limiter.borrow(length, clock.nowMs());
  }

  /** Begins to read the extents of the next requests. */
  #readAhead(peer: PeerConnection): void {
    let extents = 0;
    let lastPiece = -1;
    let lastStart = -1;
    peer.uploads.ahead((pieceIndex, begin) => {
      const start = Math.floor(begin / EXTENT_LENGTH);
      if (pieceIndex === lastPiece && start === lastStart) return true;
      lastPiece = pieceIndex;
      lastStart = start;
      this.#cache.fetch(pieceIndex as PieceIndex, begin, peer);
      extents++;
      return extents < READ_AHEAD_EXTENTS;
    });
  }
}
