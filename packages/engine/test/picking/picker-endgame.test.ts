import type { PieceIndex } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import type { ActivePiece } from '../../src/picking/active-piece.ts';
import type { PieceTracker } from '../../src/picking/piece-tracker.ts';
import {
  BLOCKS_PER_PIECE,
  MANY,
  makeAdvanced,
  makePeer,
  makeTracker,
  PIECE_COUNT,
  pick,
} from './picking-stage.ts';

describe('a piece that failed twice', () => {
  /** A tracker in which piece 4 failed so often, and peer 1 has begun it again. */
  function makeFailed(failureCount: number): PieceTracker {
    const tracker = makeAdvanced();
    for (let failure = 0; failure < failureCount; failure++) {
      tracker.start(4 as PieceIndex, 1, 0);
      tracker.verifying(4 as PieceIndex);
      tracker.failed(4 as PieceIndex);
    }
    pick(tracker, makePeer(1, {}, [4]), 2);
    return tracker;
  }

  test('is fetched from one peer alone, for a minute', () => {
    const tracker = makeFailed(2);
    const other = (nowMs: number) => pick(tracker, makePeer(2, {}, [4]), MANY, { nowMs });
    expect([other(0), other(60_000), other(60_001)]).toEqual([[], [], [4]]);
  });

  test('is no such piece when it was good and could not be stored', () => {
    const tracker = makeAdvanced();
    for (let failure = 0; failure < 3; failure++) {
      tracker.start(4 as PieceIndex, 1, 0);
      tracker.verifying(4 as PieceIndex);
      tracker.notStored(4 as PieceIndex);
    }
    expect(tracker.start(4 as PieceIndex, 1, 0).isSolo).toBe(false);
  });

  test('has no endgame', () => {
    const tracker = makeFailed(2);
    pick(tracker, makePeer(1, {}, [4]), 2, { nowMs: 60_001 });
    for (let piece = 5; piece < PIECE_COUNT; piece++) tracker.verified(piece as PieceIndex);
    expect(pick(tracker, makePeer(2), MANY)).toEqual([]);
  });

  test('is open to all again when its peer left', () => {
    const tracker = makeFailed(2);
    tracker.active.get(4 as PieceIndex)!.owner = 0;
    expect(pick(tracker, makePeer(2, {}, [4]), MANY)).toEqual([4]);
  });

  test('is nothing special after one failure, or once it was verified', () => {
    expect(pick(makeFailed(1), makePeer(2, {}, [4]), MANY)).toEqual([4]);
    const tracker = makeFailed(2);
    tracker.verified(4 as PieceIndex);
    tracker.lost(4 as PieceIndex);
    pick(tracker, makePeer(1, {}, [4]), 2);
    expect(pick(tracker, makePeer(2, {}, [4]), MANY)).toEqual([4]);
  });
});

describe('endgame', () => {
  /** Everything but one piece is there, and that one is asked of peer 1. */
  function makeLast(): { tracker: PieceTracker; piece: ActivePiece } {
    const tracker = makeTracker();
    for (let piece = 1; piece < PIECE_COUNT; piece++) tracker.verified(piece as PieceIndex);
    pick(tracker, makePeer(1), MANY);
    return { tracker, piece: tracker.active.get(0 as PieceIndex)! };
  }

  test('asks a second and a third peer for what is on its way, no fourth', () => {
    const { tracker } = makeLast();
    expect(pick(tracker, makePeer(2), MANY)).toEqual([0]);
    expect(pick(tracker, makePeer(3), MANY)).toEqual([0]);
    expect(pick(tracker, makePeer(4), MANY)).toEqual([]);
  });

  test('keeps the third place for a peer that has delivered', () => {
    const { tracker } = makeLast();
    expect(pick(tracker, makePeer(2, { hasDelivered: false }), MANY)).toEqual([0]);
    expect(pick(tracker, makePeer(3, { hasDelivered: false }), MANY)).toEqual([]);
    expect(pick(tracker, makePeer(4), MANY)).toEqual([0]);
  });

  test('never asks the same peer twice', () => {
    const { tracker } = makeLast();
    const peer = makePeer(2);
    pick(tracker, peer, MANY);
    expect(peer.asked).toHaveLength(BLOCKS_PER_PIECE);
    expect(pick(tracker, peer, MANY)).toEqual([]);
  });

  test('gives a peer no more than eight requests', () => {
    const tracker = makeTracker();
    pick(tracker, makePeer(1), MANY);
    const peer = makePeer(2);
    pick(tracker, peer, MANY);
    expect(peer.asked).toHaveLength(8);
    pick(tracker, peer, MANY);
    expect(peer.asked).toHaveLength(8);
  });

  test('leaves out what is here and what comes in right now', () => {
    const { tracker, piece } = makeLast();
    piece.beginWrite(0, 1);
    piece.beginWrite(1, 1);
    piece.received(1, 1);
    const peer = makePeer(2);
    pick(tracker, peer, MANY);
    expect(peer.asked).toEqual(['0.2', '0.3']);
  });

  test('does not begin while a block is free, even for a peer that cannot have it', () => {
    const { tracker, piece } = makeLast();
    piece.released(3);
    expect(pick(tracker, makePeer(2, {}, [1]), MANY)).toEqual([]);
    const peer = makePeer(3);
    pick(tracker, peer, 1);
    expect(peer.asked).toEqual(['0.3']);
  });

  test('does not begin while a piece waits to be picked', () => {
    const { tracker } = makeLast();
    tracker.lost(5 as PieceIndex);
    expect(pick(tracker, makePeer(2, {}, [0]), MANY)).toEqual([]);
  });
});
