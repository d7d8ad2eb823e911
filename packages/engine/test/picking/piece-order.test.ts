import { seededRandom } from '@shoal/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PieceOrder, type PieceRank } from '../../src/picking/piece-order.ts';

const PIECE_COUNT = 12;
const accepts = (): boolean => true;

function makeOrder(
  entries: readonly (readonly [piece: number, rank: PieceRank, availability: number])[],
  seed = 1,
): PieceOrder {
  const order = new PieceOrder(PIECE_COUNT, seededRandom(seed));
  for (const entry of entries) order.set(...entry);
  return order;
}

describe('as a sorted list', () => {
  const piece = fc.nat(PIECE_COUNT - 1);
  const rank = fc.constantFrom<PieceRank>(0, 1, 2);
  // Past 63 all counts are the same.
  const availability = fc.oneof(fc.nat(4), fc.integer({ min: 60, max: 70 }));
  const step = fc.oneof(
    fc.record({ piece, rank, availability }),
    fc.record({ piece, rank: fc.constant('delete' as const), availability: fc.constant(0) }),
  );

  test('it stays sorted by priority, then by availability, whatever is set and deleted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const order = makeOrder([]);
        const model = new Map<number, number>();
        for (const { piece, rank, availability } of steps) {
          if (rank === 'delete') {
            order.delete(piece);
            model.delete(piece);
          } else {
            order.set(piece, rank, availability);
            model.set(piece, rank * 64 + Math.min(63, availability));
          }
          const found = [...order.pieces()];
          const keys = found.map((member) => model.get(member));
          expect(keys).toEqual([...model.values()].sort((a, b) => a - b));
          expect(found.toSorted((a, b) => a - b)).toEqual([...model.keys()].sort((a, b) => a - b));
          expect(order.length).toBe(model.size);
          for (let index = 0; index < PIECE_COUNT; index++)
            expect(order.has(index)).toBe(model.has(index));
        }
      }),
    );
  });

  test('filled at once it is as if each piece had been set', () => {
    fc.assert(
      fc.property(rank, availability, fc.array(step, { maxLength: 20 }), (filled, count, steps) => {
        const [atOnce, oneByOne] = [makeOrder([]), makeOrder([])];
        atOnce.fill(filled, count);
        for (let index = 0; index < PIECE_COUNT; index++) oneByOne.set(index, filled, count);
        for (const order of [atOnce, oneByOne])
          for (const { piece, rank, availability } of steps)
            if (rank === 'delete') order.delete(piece);
            else order.set(piece, rank, availability);
        expect([...atOnce.pieces()]).toEqual([...oneByOne.pieces()]);
      }),
    );
  });

  test('the first is always of the best key among those that are accepted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ piece, rank, availability }), { maxLength: 30 }),
        fc.uniqueArray(piece),
        fc.integer({ min: -1, max: PIECE_COUNT }),
        fc.nat(),
        (entries, chosen, near, seed) => {
          const order = makeOrder([], seed);
          const keys = new Map<number, number>();
          for (const { piece, rank, availability } of entries) {
            order.set(piece, rank, availability);
            keys.set(piece, rank * 64 + Math.min(63, availability));
          }
          const accepted = [...keys].filter(([member]) => chosen.includes(member));
          const best = Math.min(...accepted.map(([, key]) => key));
          const first = order.first((member) => chosen.includes(member), near);
          if (accepted.length === 0) {
            expect(first).toBeUndefined();
            return;
          }
          expect(keys.get(first!)).toBe(best);
          if (chosen.includes(near) && keys.get(near) === best) expect(first).toBe(near);
        },
      ),
    );
  });
});

test('among equals each comes first now and then', () => {
  const order = makeOrder([
    [2, 1, 3],
    [5, 1, 3],
    [8, 1, 3],
    [9, 1, 4],
  ]);
  const firsts = new Set(Array.from({ length: 60 }, () => order.first(accepts, -1)));
  expect([...firsts].sort()).toEqual([2, 5, 8]);
});

test('a random piece is of the best priority, whatever its availability', () => {
  const order = makeOrder([
    [0, 2, 0],
    [1, 1, 0],
    [2, 1, 9],
    [3, 1, 63],
  ]);
  const picks = new Set(Array.from({ length: 60 }, () => order.random(accepts)));
  expect([...picks].sort()).toEqual([1, 2, 3]);
  expect(order.random((piece) => piece === 0)).toBe(0);
  expect(order.random(() => false)).toBeUndefined();
});

test('an empty order has no piece', () => {
  const order = makeOrder([]);
  expect(order.first(accepts, 0)).toBeUndefined();
  expect(order.random(accepts)).toBeUndefined();
  order.delete(3);
  expect(order.length).toBe(0);
});
