import { BLOCK_LENGTH, type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ActivePiece } from '../../src/picking/active-piece.ts';

const BLOCK_COUNT = 5;
const layout = new PieceLayout(BLOCK_COUNT * BLOCK_LENGTH - 100, BLOCK_COUNT * BLOCK_LENGTH);

function makePiece(): ActivePiece {
  return new ActivePiece(layout, 0 as PieceIndex, 1, 0);
}

/** The same facts, kept as plainly as possible. */
interface Model {
  readonly requests: number[];
  readonly received: boolean[];
  readonly writers: number[];
}

type Step =
  | { readonly do: 'takeFree' }
  | { readonly do: 'request' | 'release' | 'drop'; readonly block: number }
  | { readonly do: 'begin' | 'receive'; readonly block: number; readonly peer: number };

const block = fc.nat(BLOCK_COUNT - 1);
const peer = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('takeFree' as const) }),
  fc.record({ do: fc.constantFrom('request' as const, 'release', 'drop'), block }),
  fc.record({ do: fc.constantFrom('begin' as const, 'receive'), block, peer }),
);

function run(piece: ActivePiece, model: Model, move: Step): void {
  switch (move.do) {
    case 'takeFree': {
      const free = model.requests.findIndex((count, at) => count === 0 && !model.received[at]);
      expect(piece.takeFree()).toBe(free < 0 ? undefined : free);
      if (free >= 0) model.requests[free]!++;
      break;
    }
    case 'request':
      if (model.received[move.block]) return;
      piece.requested(move.block);
      model.requests[move.block]!++;
      break;
    case 'release':
      piece.released(move.block);
      model.requests[move.block] = Math.max(0, model.requests[move.block]! - 1);
      break;
    case 'drop':
      piece.dropWrite(move.block);
      model.writers[move.block] = 0;
      break;
    case 'begin': {
      const mayWrite = !model.received[move.block] && model.writers[move.block] === 0;
      expect(piece.beginWrite(move.block, move.peer)).toBe(mayWrite);
      if (mayWrite) model.writers[move.block] = move.peer;
      break;
    }
    case 'receive':
      if (model.writers[move.block] !== move.peer) return;
      piece.received(move.block, move.peer);
      model.writers[move.block] = 0;
      model.received[move.block] = true;
      expect(piece.senders[move.block]).toBe(move.peer);
  }
}

test('counts and states agree with a plain model after every step', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const piece = makePiece();
      const model: Model = {
        requests: new Array<number>(BLOCK_COUNT).fill(0),
        received: new Array<boolean>(BLOCK_COUNT).fill(false),
        writers: new Array<number>(BLOCK_COUNT).fill(0),
      };
      for (const move of steps) {
        run(piece, model, move);
        const free = model.requests.filter((count, at) => count === 0 && !model.received[at]);
        expect(piece.freeCount).toBe(free.length);
        expect(piece.receivedCount).toBe(model.received.filter(Boolean).length);
        expect(piece.isComplete).toBe(model.received.every(Boolean));
        for (const [at, count] of model.requests.entries()) {
          expect(piece.requestCount(at)).toBe(count);
          expect(piece.isReceived(at)).toBe(model.received[at]);
          expect(piece.isWritten(at)).toBe(model.writers[at] !== 0);
        }
      }
    }),
  );
});

test('the length and the blocks are those of the layout', () => {
  expect(makePiece()).toMatchObject({ length: layout.totalLength, blockCount: BLOCK_COUNT });
});

test('a block that two peers were asked for is free again when neither will send it', () => {
  const piece = makePiece();
  expect(piece.takeFree()).toBe(0);
  piece.requested(0);
  piece.released(0);
  expect(piece.freeCount).toBe(BLOCK_COUNT - 1);
  piece.released(0);
  expect(piece.takeFree()).toBe(0);
});

test('a peer whose block was given to others does not lose its place while it writes', () => {
  const piece = makePiece();
  piece.requested(2);
  expect(piece.beginWrite(2, 7)).toBe(true);
  piece.released(2);
  expect(piece.beginWrite(2, 8)).toBe(false);
  piece.dropWrite(2);
  expect(piece.beginWrite(2, 8)).toBe(true);
});
