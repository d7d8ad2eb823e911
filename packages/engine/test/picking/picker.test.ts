import { seededRandom } from '@shoal/testkit';
import { type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OFF, PieceTracker } from '../../src/picking/piece-tracker.ts';
import {
  BLOCKS_PER_PIECE,
  layout,
  MANY,
  makeAdvanced,
  makePeer,
  makeTracker,
  PIECE_COUNT,
  pick,
} from './picking-stage.ts';

describe('which piece is begun', () => {
  test('the rarest, once four pieces are there', () => {
    const tracker = makeAdvanced();
    for (const piece of [4, 5, 6, 8, 9]) tracker.peerHas(piece as PieceIndex);
    expect(pick(tracker, makePeer(1), BLOCKS_PER_PIECE)).toEqual([7]);
  });

  test('the rarest of those the peer has', () => {
    const tracker = makeAdvanced();
    for (const piece of [5, 6, 6]) tracker.peerHas(piece as PieceIndex);
    expect(pick(tracker, makePeer(1, {}, [0, 5, 6]), MANY)).toEqual([5, 6]);
  });

  test('any of them, as long as there are not four', () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const tracker = makeTracker(seed);
      for (let piece = 1; piece < PIECE_COUNT; piece++) tracker.peerHas(piece as PieceIndex);
      firsts.add(pick(tracker, makePeer(1), 1)[0]!);
    }
    expect(firsts.size).toBeGreaterThan(PIECE_COUNT / 2);
  });

  test('any of the rarest, from a peer that sent nothing yet', () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 40; seed++) firsts.add(pick(makeAdvanced(seed), makePeer(1), 1)[0]!);
    expect([...firsts].sort()).toEqual([4, 5, 6, 7, 8, 9]);
    const tracker = makeTracker();
    for (let piece = 1; piece < 5; piece++) tracker.verified(piece as PieceIndex);
    const others = new Set<number>();
    for (let turn = 0; turn < 40; turn++) {
      const [piece] = pick(tracker, makePeer(1), 1);
      others.add(piece!);
      tracker.abandon(piece as PieceIndex);
    }
    expect([...others].sort()).toEqual([0, 5, 6, 7, 8, 9]);
  });

  test('the neighbour of the last one, among equally rare ones', () => {
    const tracker = makeAdvanced();
    expect(pick(tracker, makePeer(1, { lastPiece: 6 }), 1)).toEqual([7]);
  });

  test('the neighbour only inside a MiB, so that leechers whose runs meet part again', () => {
    const half = 512 * 1024;
    const wide = new PieceLayout(8 * half, half);
    const firstsAfter = (lastPiece: number): Set<number> => {
      const firsts = new Set<number>();
      for (let seed = 0; seed < 30; seed++) {
        const tracker = new PieceTracker(wide, seededRandom(seed));
        for (const piece of [0, 1, 2, 3]) tracker.verified(piece as PieceIndex);
        firsts.add(pick(tracker, makePeer(1, { lastPiece }), 1)[0]!);
      }
      return firsts;
    };
    expect([...firstsAfter(4)]).toEqual([5]);
    expect(firstsAfter(5).size).toBeGreaterThan(2);
  });

  test('the most wanted before the rarest, and what is off never', () => {
    const tracker = makeAdvanced();
    tracker.setWish(8 as PieceIndex, 0);
    tracker.peerHas(8 as PieceIndex);
    tracker.setWish(5 as PieceIndex, 2);
    for (const piece of [6, 7, 9]) tracker.setWish(piece as PieceIndex, OFF);
    expect(pick(tracker, makePeer(1), MANY)).toEqual([8, 4, 5]);
  });

  test('the first that is missing when sequential, however rare', () => {
    const tracker = makeTracker();
    tracker.verified(1 as PieceIndex);
    tracker.peerHas(0 as PieceIndex);
    const peer = makePeer(1, {}, [0, 1, 2, 7]);
    expect(pick(tracker, peer, MANY, { sequential: true })).toEqual([0, 2, 7]);
  });

  test('none beyond the memory, but one always', () => {
    const tracker = makeAdvanced();
    const activeLimit = 2 * layout.pieceLength;
    expect(pick(tracker, makePeer(1), MANY, { activeLimit })).toHaveLength(2);
    expect(pick(makeAdvanced(), makePeer(1), MANY, { activeLimit: 1 })).toHaveLength(1);
  });
});

describe('what goes before a new piece', () => {
  test('the rest of the piece the peer began', () => {
    const tracker = makeAdvanced();
    const peer = makePeer(1);
    const [begun] = pick(tracker, peer, 1);
    expect(pick(tracker, peer, BLOCKS_PER_PIECE)[0]).toBe(begun);
    expect(peer.asked.slice(0, 4)).toEqual([0, 1, 2, 3].map((block) => `${begun}.${block}`));
  });

  test('not the piece of another peer, until it has had ten seconds', () => {
    const tracker = makeAdvanced();
    const [begun] = pick(tracker, makePeer(1), 1);
    expect(pick(tracker, makePeer(2), 1, { nowMs: 10_000 })).not.toContain(begun);
    expect(pick(tracker, makePeer(3), 1, { nowMs: 10_001 })).toEqual([begun]);
  });

  test('the piece of a peer that left', () => {
    const tracker = makeAdvanced();
    const [begun] = pick(tracker, makePeer(1), 1);
    tracker.active.get(begun as PieceIndex)!.owner = 0;
    expect(pick(tracker, makePeer(2), 1)).toEqual([begun]);
  });

  test('what was asked for by hand, begun or not', () => {
    const tracker = makeAdvanced();
    const [begun] = pick(tracker, makePeer(1), 1);
    const other = begun === 9 ? 8 : 9;
    const urgent = new Set([other, begun!]);
    expect(pick(tracker, makePeer(2), 7, { urgent })).toEqual([begun, other]);
  });

  test('when nothing new can be begun, the pieces of others', () => {
    const tracker = makeAdvanced();
    const [begun] = pick(tracker, makePeer(1), 1);
    expect(pick(tracker, makePeer(2, {}, [begun!]), MANY)).toEqual([begun]);
  });
});

describe('what is never picked', () => {
  test('a piece that is not allowed while the peer chokes us', () => {
    const tracker = makeAdvanced();
    expect(pick(tracker, makePeer(1, { onlyPieces: new Set([0, 6]) }), MANY)).toEqual([6]);
  });

  test('a piece that the peer refused', () => {
    const tracker = makeAdvanced();
    const peer = makePeer(1, { refusedPieces: new Set([4, 5, 6, 7, 8]) });
    expect(pick(tracker, peer, MANY)).toEqual([9]);
  });

  test('more than was asked for, or a block that is not free', () => {
    const holding = fc.uniqueArray(fc.nat(PIECE_COUNT - 1));
    const turns = fc.array(fc.record({ holding, count: fc.nat(12) }), { maxLength: 20 });
    fc.assert(
      fc.property(turns, fc.boolean(), fc.nat(), (list, sequential, seed) => {
        const tracker = makeTracker(seed);
        const askedOf = new Map<string, number>();
        for (const [at, { holding, count }] of list.entries()) {
          const peer = makePeer(at + 1, {}, holding);
          const isEndgame = (): boolean =>
            tracker.pickableCount === 0 &&
            [...tracker.active.values()].every((piece) => piece.freeCount === 0);
          pick(tracker, peer, count, { sequential });
          expect(peer.asked.length).toBeLessThanOrEqual(count);
          expect(new Set(peer.asked).size).toBe(peer.asked.length);
          for (const name of peer.asked) {
            expect(holding).toContain(Number(name.split('.')[0]));
            const copies = (askedOf.get(name) ?? 0) + 1;
            askedOf.set(name, copies);
            expect(copies).toBeLessThanOrEqual(3);
            if (copies > 1) expect(isEndgame()).toBe(true);
          }
        }
        for (const [name, copies] of askedOf) {
          const [piece, block] = name.split('.').map(Number);
          expect(tracker.active.get(piece as PieceIndex)!.requestCount(block!)).toBe(copies);
        }
      }),
    );
  });
});
