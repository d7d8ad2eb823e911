import { expect, test } from 'vitest';
import { nearestName } from '../../src/config/nearest-name.ts';

const NAMES = ['http', 'udp', 'interval', 'log-level', 'log-format', 'admin', 'admin-host'];

test.each([
  ['intervall', 'interval'],
  ['intreval', 'interval'],
  ['log_level', 'log-level'],
  ['LOG-LEVEL', 'log-level'],
  ['https', 'http'],
  ['adminhost', 'admin-host'],
  ['port', undefined],
  ['', undefined],
])('%j may mean %j', (name, nearest) => {
  expect(nearestName(name, NAMES)).toBe(nearest);
});
