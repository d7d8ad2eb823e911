import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitfield } from '../src/index.ts';

test('behaves as a set of numbers', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100 }),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -2, max: 110 }))),
      (length, steps) => {
        const field = new Bitfield(length);
        const model = new Set<number>();
        for (const [add, index] of steps) {
          const inside = index >= 0 && index < length;
          const changes = inside && model.has(index) !== add;
          expect(add ? field.add(index) : field.delete(index)).toBe(changes);
          if (changes && add) model.add(index);
          if (changes && !add) model.delete(index);
          expect(field.count).toBe(model.size);
        }
        expect([...field.indexes()]).toEqual([...model].sort((a, b) => a - b));
        expect(Bitfield.fromBytes(field.bytes, length)?.count).toBe(model.size);
        field.fill();
        expect(field.isFull).toBe(true);
      },
    ),
  );
});

test('piece 0 is the highest bit of the first byte', () => {
  const field = new Bitfield(10);
  field.add(0);
  field.add(9);
  expect([...field.bytes]).toEqual([0b1000_0000, 0b0100_0000]);
});

test('refuses a wrong length and spare bits that are set', () => {
  expect(Bitfield.fromBytes(new Uint8Array(1), 9)).toBeUndefined();
  expect(Bitfield.fromBytes(new Uint8Array(3), 9)).toBeUndefined();
  expect(Bitfield.fromBytes(Uint8Array.of(0, 0b0100_0000), 9)).toBeUndefined();
  expect(Bitfield.fromBytes(Uint8Array.of(0, 0b1000_0000), 9)?.has(8)).toBe(true);
});
