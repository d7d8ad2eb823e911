import { Bitfield } from '@shoal/units';
import { expect, test } from 'vitest';
import { Availability } from '../../src/picking/availability.ts';

test('a seeder counts for every piece but not for what is rare among leechers', () => {
  const availability = new Availability(3);
  availability.addSeeder();
  availability.add(1);
  expect([0, 1, 2].map((piece) => availability.of(piece))).toEqual([1, 2, 1]);
  expect(availability.amongLeechers(1)).toBe(1);
  availability.removeSeeder();
  availability.remove(1);
  expect(availability.of(1)).toBe(0);
});

test('the snapshot is a copy, and no number in it passes 255', () => {
  const availability = new Availability(2);
  for (let peer = 0; peer < 300; peer++) availability.add(0);
  const before = availability.snapshot();
  expect([...before]).toEqual([255, 0]);
  availability.add(1);
  expect([...before]).toEqual([255, 0]);
});

test('the swarm covers what is missing when each such piece is with somebody', () => {
  const availability = new Availability(3);
  const have = new Bitfield(3);
  have.add(0);
  availability.add(1);
  expect(availability.coversAllBut(have)).toBe(false);
  availability.add(2);
  expect(availability.coversAllBut(have)).toBe(true);
  const empty = new Availability(3);
  empty.addSeeder();
  expect(empty.coversAllBut(new Bitfield(3))).toBe(true);
});
