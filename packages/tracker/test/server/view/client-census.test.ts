import { beforeEach, expect, test } from 'vitest';
import { ClientCensus } from '../../../src/server/view/client-census.ts';

let census: ClientCensus;

beforeEach(() => {
  census = new ClientCensus(600_000);
  census.tick(0);
});

function note(name: string): void {
  census.note(Buffer.from(`xx${name.padEnd(20, '\u0001')}`, 'latin1'), 2);
}

test('counts announces by the first 8 characters of the peer id', () => {
  for (const name of ['-SL0100-abc', '-SL0100-xyz', '-TR4060-abc', 'A2-1-37-0-']) note(name);
  expect([...census.counts()]).toEqual([
    ['-SL0100-', 2],
    ['-TR4060-', 1],
    ['A2-1-37-', 1],
  ]);
});

test('counts names that are none together', () => {
  for (const name of ['', '\u0000\u0001bytes', '-é0100-x', '-SL 100-']) note(name);
  expect([...census.counts()]).toEqual([['', 4]]);
});

test('counts 64 announces a period, so that more of them cost nothing', () => {
  for (let times = 0; times < 100; times++) note('-SL0100-');
  expect(census.counts().get('-SL0100-')).toBe(64);
  census.tick(250);
  note('-SL0100-');
  expect(census.counts().get('-SL0100-')).toBe(65);
});

test('forgets after two intervals', () => {
  note('-SL0100-');
  census.tick(600_000);
  note('-TR4060-');
  expect([...census.counts().keys()]).toEqual(['-SL0100-', '-TR4060-']);
  census.tick(1_200_000);
  expect([...census.counts().keys()]).toEqual(['-TR4060-']);
});

test('holds 512 names against a flood of made-up ones', () => {
  for (let number = 0; number < 700; number++) {
    if (number % 64 === 0) census.tick(number);
    note(`-XX${number.toString().padStart(4, '0')}-`);
  }
  expect(census.counts().size).toBe(513);
  expect(census.counts().get('')).toBe(188);
});
