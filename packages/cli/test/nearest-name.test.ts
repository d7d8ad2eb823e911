import { expect, test } from 'vitest';
import { nearestName } from '../src/nearest-name.ts';

const NAMES = ['http', 'udp', 'interval', 'log-level', 'log-format', 'admin', 'admin-host'];

test.each([
  ['intervall', 'interval'],
  ['intreval', 'interval'],
  ['inter', 'interval'],
  ['https', 'http'],
  ['adminhost', 'admin-host'],
  ['port', undefined],
  ['', undefined],
])('%j may mean %j', (name, nearest) => {
  expect(nearestName(name, NAMES)).toBe(nearest);
});
