import { expect, test } from 'vitest';
import { isHostAllowed } from '../../src/admin/host-gate.ts';

const NAMES = new Set(['tracker.example']);

test.each([
  'localhost',
  'localhost:9696',
  'LOCALHOST.:9696',
  '127.0.0.1:9696',
  '192.0.2.7',
  '[::1]:9696',
  '[2001:db8::7]',
  'tracker.example',
  'Tracker.Example:80',
])('answers to %s', (host) => {
  expect(isHostAllowed(host, NAMES)).toBe(true);
});

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:9696',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'tracker.example.evil.example',
  'evil.example#localhost',
  'localhost@evil.example',
  'localhost, evil.example',
  'localhost:9696:1',
  '[localhost]',
  '[127.0.0.1]',
  '[::1',
  '::1',
  '127.1',
  '0x7f.1',
])('does not answer to %s', (host) => {
  expect(isHostAllowed(host, NAMES)).toBe(false);
});
