import { expect, test } from 'vitest';
import { Turn } from '../../src/peers/turn.ts';

function make() {
  const sent = { total: 0 };
  const waiting = { size: 0 };
  return { turn: new Turn(sent, waiting), sent, waiting };
}

test('a peer that asks for nothing for 30 s lets its turn pass, and is passed over for three minutes', () => {
  const { turn } = make();
  turn.begin(1_000);
  expect(turn.isIdle(30_999)).toBe(false);
  expect(turn.isIdle(31_000)).toBe(true);
  turn.end(31_000);
  expect(turn.isPassedOver(210_999)).toBe(true);
  expect(turn.isPassedOver(211_000)).toBe(false);
  expect(turn.isIdle(211_000)).toBe(true);
});

test('a turn that was too short to ask in was not let pass, however long it is over', () => {
  const { turn } = make();
  turn.begin(0);
  turn.end(10_000);
  expect(turn.isIdle(60_000)).toBe(false);
  expect(turn.isPassedOver(60_000)).toBe(false);
});

test('a peer that waited for what it asked for did not let its turn pass, though it got nothing', () => {
  const { turn, waiting } = make();
  turn.begin(0);
  waiting.size = 1;
  turn.end(40_000);
  waiting.size = 0;
  expect(turn.isIdle(60_000)).toBe(false);
});

test('a new turn starts without a verdict on the one before', () => {
  const { turn, sent } = make();
  sent.total = 5;
  turn.begin(0);
  turn.end(30_000);
  turn.begin(40_000);
  expect(turn.isIdle(69_999)).toBe(false);
  sent.total = 7;
  expect(turn.isIdle(70_000)).toBe(false);
  expect([turn.beganAtMs, turn.sentLength]).toEqual([40_000, 2]);
});

test('who never had a turn let none pass', () => {
  expect(make().turn.isPassedOver(1_000_000)).toBe(false);
});
