import { expect, test } from 'vitest';
import { FaultList } from '../../src/peers/fault-list.ts';

test('a network rests for a minute after its third fault, and others do not', () => {
  const faults = new FaultList();
  faults.add('192.0.2.1', 0);
  faults.add('192.0.2.1', 1_000);
  expect(faults.isResting('192.0.2.1', 1_000)).toBe(false);
  faults.add('192.0.2.1', 2_000);
  expect(faults.isResting('192.0.2.1', 61_999)).toBe(true);
  expect(faults.isResting('192.0.2.2', 2_000)).toBe(false);
  expect(faults.isResting('192.0.2.1', 62_000)).toBe(false);
});

test('faults that lie more than a minute apart do not add up', () => {
  const faults = new FaultList();
  for (const nowMs of [0, 60_000, 120_000, 180_000]) faults.add('192.0.2.1', nowMs);
  expect(faults.isResting('192.0.2.1', 180_000)).toBe(false);
});

test('a thousand networks are kept, the newest', () => {
  const faults = new FaultList();
  for (let n = 0; n < 3; n++) faults.add('old', n);
  for (let n = 0; n < 1_000; n++) faults.add(`new ${n}`, 10);
  expect(faults.isResting('old', 10)).toBe(false);
  for (let n = 0; n < 2; n++) faults.add('new 999', 10);
  expect(faults.isResting('new 999', 10)).toBe(true);
});
