import { expect, test } from 'vitest';
import {
  ANSWER_TIME_BOUNDS_S,
  AnswerTimes,
  addAnswerTimes,
} from '../../src/server/answer-times.ts';

test('counts each answer in the first bucket that holds it', () => {
  const times = new AnswerTimes();
  for (const boundS of ANSWER_TIME_BOUNDS_S) times.add(1_000 * boundS);
  times.add(0);
  times.add(5_000);
  const { counts, sumS } = times.read();
  expect(counts).toEqual([2, ...ANSWER_TIME_BOUNDS_S.slice(1).map(() => 1), 1]);
  expect(sumS).toBeCloseTo(5 + ANSWER_TIME_BOUNDS_S.reduce((sum, boundS) => sum + boundS, 0), 9);
});

test('adds up over processes, and what was read stays as it was', () => {
  const [one, other] = [new AnswerTimes(), new AnswerTimes()];
  one.add(0.001);
  other.add(0.001);
  other.add(7_000);
  const read = one.read();
  one.add(0.001);
  const { counts, sumS } = addAnswerTimes(read, other.read());
  expect([counts[0], counts.at(-1)]).toEqual([2, 1]);
  expect(sumS).toBeCloseTo(7.000_002, 9);
});
