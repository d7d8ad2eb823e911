import { BLOCK_LENGTH, type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ActivePiece } from '../../src/picking/active-piece.ts';
import { RequestQueue } from '../../src/transfer/request-queue.ts';

const MIB = 1024 * 1024;

/** Asks as often as it is allowed to and answers all, `roundTripMs` later. */
class Pipe {
  readonly queue = new RequestQueue();
  nowMs = 0;
  #next = 0;

  /** @returns how many blocks were under way */
  roundTrip(roundTripMs: number, bytesPerS: number): number {
    for (let room = this.queue.room(bytesPerS); room > 0; room = this.queue.room(bytesPerS))
      for (; room > 0; room--) this.queue.add(this.#next++, this.nowMs);
    const blocks = [...this.queue.blocks()];
    this.nowMs += roundTripMs;
    for (const block of blocks) this.queue.answered(block, this.nowMs);
    return blocks.length;
  }
}

describe('how many blocks are under way', () => {
  test('they double every round trip while the rate keeps up', () => {
    const pipe = new Pipe();
    const depths = Array.from({ length: 5 }, () => pipe.roundTrip(50, 10 * MIB));
    expect(depths).toEqual([8, 16, 32, 64, 128]);
  });

  test('they go on doubling while the rate is not measured yet, up to 2 MiB', () => {
    const pipe = new Pipe();
    pipe.queue.limit = 5_000;
    const depths = Array.from({ length: 6 }, () => pipe.roundTrip(50, 0));
    expect(depths).toEqual([8, 16, 32, 64, 128, 128]);
  });

  test('they stay as they are with a peer that takes half a second for a block', () => {
    const pipe = new Pipe();
    const depths = Array.from({ length: 4 }, () => pipe.roundTrip(500, 0));
    expect(depths).toEqual([8, 8, 8, 8]);
  });

  test('they begin anew after a choke, and do not wait for the rate to come back', () => {
    const pipe = new Pipe();
    for (let turn = 0; turn < 12; turn++) pipe.roundTrip(50, 10 * MIB);
    expect(pipe.roundTrip(50, 0)).toBe(2);
    pipe.queue.startOver();
    expect([pipe.roundTrip(50, 0), pipe.roundTrip(50, 0)]).toEqual([8, 16]);
  });

  test('blocks that wait behind our own requests do not make the queue longer', () => {
    const pipe = new Pipe();
    pipe.queue.limit = 50_000;
    pipe.roundTrip(2, 100 * MIB);
    for (let turn = 0; turn < 100; turn++) pipe.roundTrip(60, 100 * MIB);
    expect(pipe.roundTrip(60, 100 * MIB) * BLOCK_LENGTH).toBe(2 * MIB);
  });

  test('twice what the line holds, once it is known', () => {
    const pipe = new Pipe();
    const rate = 40 * MIB;
    for (let turn = 0; turn < 12; turn++) pipe.roundTrip(200, rate);
    const lineHolds = (rate * 0.2) / BLOCK_LENGTH;
    pipe.queue.limit = 5_000;
    expect(pipe.roundTrip(200, rate)).toBeGreaterThanOrEqual(2 * lineHolds);
    expect(pipe.roundTrip(200, rate)).toBeLessThan(2.5 * lineHolds);
  });

  test('no more than a slow peer sends in three seconds, but two', () => {
    const pipe = new Pipe();
    for (let turn = 0; turn < 12; turn++) pipe.roundTrip(50, 64 * 1024);
    expect(pipe.roundTrip(50, 64 * 1024)).toBe(12);
    for (let turn = 0; turn < 12; turn++) pipe.roundTrip(50, 100);
    expect(pipe.roundTrip(50, 100)).toBe(2);
  });

  test('never more than the peer takes, whatever is said of rate and round trip', () => {
    const turn = fc.record({
      roundTripMs: fc.integer({ min: 1, max: 5_000 }),
      bytesPerS: fc.oneof(fc.nat(100_000), fc.nat(2 ** 30)),
    });
    const turns = fc.array(turn, { maxLength: 20 });
    fc.assert(
      fc.property(turns, fc.integer({ min: 1, max: 600 }), (list, limit) => {
        const pipe = new Pipe();
        pipe.queue.limit = limit;
        for (const { roundTripMs, bytesPerS } of list)
          expect(pipe.roundTrip(roundTripMs, bytesPerS)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('an empty pipe is always filled, so that no peer is forgotten', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.nat(40), (bytesPerS, turns) => {
        const pipe = new Pipe();
        for (let turn = 0; turn < turns; turn++) pipe.roundTrip(20, bytesPerS);
        expect(pipe.queue.room(bytesPerS)).toBeGreaterThan(0);
      }),
    );
  });

  test('a full pipe is filled up by several at a time', () => {
    const queue = new RequestQueue();
    for (let block = 0; block < 8; block++) queue.add(block, 0);
    queue.delete(0);
    expect(queue.room(MIB)).toBe(0);
    queue.delete(1);
    expect(queue.room(MIB)).toBe(2);
  });
});

describe('a peer that is too slow', () => {
  test('what lapsed is under way no more, but is known when it comes', () => {
    const queue = new RequestQueue();
    queue.add(3, 0);
    queue.add(4, 0);
    expect(queue.lapse()).toEqual([3, 4]);
    expect(queue.size).toBe(0);
    expect([queue.has(3), queue.hasLapsed(3)]).toEqual([false, true]);
    queue.answered(3, 90_000);
    expect(queue.hasLapsed(3)).toBe(false);
    queue.add(4, 90_000);
    expect([queue.has(4), queue.hasLapsed(4)]).toEqual([true, false]);
  });

  test('is asked for two blocks at a time', () => {
    const queue = new RequestQueue();
    queue.lapse();
    expect(queue.room(0)).toBe(2);
  });

  test('cleared, nothing is left of it', () => {
    const queue = new RequestQueue();
    queue.add(1, 0);
    queue.lapse();
    queue.add(2, 0);
    expect(queue.clear()).toEqual([2]);
    expect([queue.size, queue.hasLapsed(1)]).toEqual([0, false]);
  });
});

describe('a peer that rejects', () => {
  test('is asked for the same piece again after ten seconds', () => {
    const queue = new RequestQueue();
    queue.refuse(7, 1_000);
    expect([...queue.refusedPieces]).toEqual([7]);
    expect(queue.forgive(10_999)).toBe(false);
    expect(queue.forgive(11_000)).toBe(true);
    expect(queue.refusedPieces.size).toBe(0);
    expect(queue.forgive(30_000)).toBe(false);
  });

  test('is asked for nothing while sixteen pieces are refused', () => {
    const queue = new RequestQueue();
    for (let piece = 0; piece < 15; piece++) queue.refuse(piece, 0);
    expect(queue.room(0)).toBeGreaterThan(0);
    queue.refuse(15, 0);
    expect(queue.room(0)).toBe(0);
  });
});

test('a peer that leaves in the middle of a block leaves its place to others', () => {
  const layout = new PieceLayout(BLOCK_LENGTH, BLOCK_LENGTH);
  const piece = new ActivePiece(layout, 0 as PieceIndex, 1, 0);
  const queue = new RequestQueue();
  piece.beginWrite(0, 1);
  queue.beginArrival(piece, 0, 0);
  expect(queue.arrivingPiece).toBe(piece);
  queue.dropArrival();
  expect(piece.isWritten(0)).toBe(false);
  expect(queue.endArrival()).toBeUndefined();
});
