import { BLOCK_LENGTH, type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ActivePiece } from '../../src/picking/active-piece.ts';
import { RequestQueue } from '../../src/transfer/request-queue.ts';
import { Line } from './line.ts';

const MIB = 1024 * 1024;

describe('how many blocks are under way', () => {
  test.each([
    { roundTripMs: 1, rate: 400 * MIB },
    { roundTripMs: 10, rate: 100 * MIB },
    { roundTripMs: 50, rate: 100 * MIB },
    { roundTripMs: 200, rate: 40 * MIB },
    { roundTripMs: 300, rate: MIB },
    { roundTripMs: 80, rate: 100 * 1024 },
  ])('they fill a line of $rate bytes a second and $roundTripMs ms', ({ roundTripMs, rate }) => {
    const line = new Line(roundTripMs, rate);
    line.queue.limit = 2_000;
    line.run(4);
    expect(line.run(4) / rate).toBeGreaterThan(0.95);
  });

  test('they fill a long and broad line within a dozen round trips', () => {
    const line = new Line(200, 100 * MIB);
    line.queue.limit = 2_000;
    line.run(2.4);
    expect(line.run(0.4) / (100 * MIB)).toBeGreaterThan(0.9);
  });

  test('they do not pile up at a peer whose line is full', () => {
    const line = new Line(100, 20 * MIB);
    line.queue.limit = 5_000;
    line.run(10);
    const lineHolds = (0.1 * 20 * MIB) / BLOCK_LENGTH;
    expect(line.queue.size).toBeGreaterThan(lineHolds);
    expect(line.queue.size).toBeLessThan(3 * lineHolds);
  });

  test('a fast peer holds 2 MiB, however near it is', () => {
    const line = new Line(0.1, 400 * MIB);
    line.run(3);
    expect(line.queue.size * BLOCK_LENGTH).toBeGreaterThan(1.4 * MIB);
    expect(line.queue.size * BLOCK_LENGTH).toBeLessThanOrEqual(2 * MIB);
  });

  test('blocks that come all at once are all counted', () => {
    const queue = new RequestQueue();
    queue.limit = 2_000;
    let nowMs = 0;
    let next = 0;
    for (let turn = 0; turn < 8; turn++) {
      for (let room = queue.room(nowMs); room > 0; room--) queue.add(next++, nowMs);
      nowMs += 200;
      for (const block of [...queue.blocks()]) queue.answered(block, nowMs);
    }
    expect(queue.room(nowMs)).toBe(2_000);
  });

  test('no more than a slow peer sends in three seconds, but two', () => {
    const slow = new Line(50, 64 * 1024);
    slow.run(60);
    expect(slow.queue.size).toBeGreaterThanOrEqual(9);
    expect(slow.queue.size).toBeLessThanOrEqual(13);
    const slowest = new Line(50, 1_000);
    slowest.run(600);
    expect(slowest.queue.size).toBe(2);
  });

  test('they begin anew after a choke', () => {
    const line = new Line(50, 10 * MIB);
    line.run(5);
    line.queue.clear();
    line.queue.startOver();
    expect(line.queue.room(line.nowMs)).toBe(8);
  });

  test('never more than the peer takes, whatever the line is like', () => {
    const lines = fc.record({
      roundTripMs: fc.integer({ min: 1, max: 5_000 }),
      rate: fc.oneof(fc.integer({ min: 100, max: 100_000 }), fc.integer({ min: 1, max: 2 ** 26 })),
    });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 600 }), ({ roundTripMs, rate }, limit) => {
        const line = new Line(roundTripMs, rate);
        line.queue.limit = limit;
        for (let turn = 0; turn < 10; turn++) {
          line.run(0.3);
          expect(line.queue.size).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  test('an empty pipe is always filled, so that no peer is forgotten', () => {
    const lines = fc.tuple(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 100, max: 2 ** 26 }),
    );
    fc.assert(
      fc.property(lines, fc.double({ min: 0.1, max: 3, noNaN: true }), ([ms, rate], seconds) => {
        const line = new Line(ms, rate);
        line.run(seconds);
        line.queue.clear();
        expect(line.queue.room(line.nowMs)).toBeGreaterThan(0);
      }),
    );
  });

  test('a full pipe is filled up by several at a time', () => {
    const line = new Line(50, 10 * MIB);
    line.run(5);
    line.queue.limit = line.queue.size;
    const { done, value } = line.queue.blocks().next();
    expect(done).toBe(false);
    line.queue.delete(value!);
    expect(line.queue.room(line.nowMs)).toBe(0);
    for (const block of [...line.queue.blocks()].slice(0, 31)) line.queue.delete(block);
    expect(line.queue.room(line.nowMs)).toBe(32);
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

  test('a lapsed block that comes after all does not make it look near', () => {
    const queue = new RequestQueue();
    queue.limit = 2_000;
    queue.add(0, 0);
    queue.lapse();
    queue.revive(0, 90_000);
    expect([queue.has(0), queue.hasLapsed(0)]).toEqual([true, false]);
    queue.answered(0, 90_000);
    let nowMs = 90_000;
    let next = 1;
    for (let turn = 0; turn < 8; turn++) {
      for (let room = queue.room(nowMs); room > 0; room--) queue.add(next++, nowMs);
      nowMs += 200;
      for (const block of [...queue.blocks()]) queue.answered(block, nowMs);
    }
    expect(queue.room(nowMs)).toBeGreaterThan(1_000);
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

describe('what is dropped of a range of blocks', () => {
  const queueOf = (...blocks: readonly number[]): RequestQueue => {
    const queue = new RequestQueue();
    for (const block of blocks) queue.add(block, 0);
    return queue;
  };

  test('is what is under way there, in the order in which it was asked for', () => {
    const queue = queueOf(9, 7, 4, 8, 3);
    expect(queue.dropRange(4, 9)).toEqual([7, 4, 8]);
    expect([...queue.blocks()]).toEqual([9, 3]);
    expect(queue.dropRange(4, 9)).toEqual([]);
  });

  test('is also what lapsed there, which is told to nobody', () => {
    const queue = queueOf(1, 2, 3);
    queue.lapse();
    queue.add(1, 0);
    expect(queue.dropRange(1, 3)).toEqual([1]);
    expect([1, 2, 3].filter((block) => queue.hasLapsed(block))).toEqual([3]);
  });
});
