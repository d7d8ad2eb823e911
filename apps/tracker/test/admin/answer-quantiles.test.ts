import { ANSWER_TIME_BOUNDS_S } from '@shoal/tracker/server';
import { expect, test } from 'vitest';
import { AnswerQuantiles } from '../../src/admin/answer-quantiles.ts';

/** @param byBucket - answers by the number of their bucket */
function times(byBucket: Record<number, number>) {
  const counts = Array.from(
    { length: ANSWER_TIME_BOUNDS_S.length + 1 },
    (_, at) => byBucket[at] ?? 0,
  );
  return { counts, sumS: 0 };
}

test('says nothing when nothing was answered', () => {
  const quantiles = new AnswerQuantiles();
  expect(quantiles.read()).toBeUndefined();
  quantiles.look([times({ 0: 5 })]);
  expect(quantiles.read()).toBeUndefined();
});

test('takes all transports together, evenly within a bucket', () => {
  const quantiles = new AnswerQuantiles();
  quantiles.look([times({}), times({})]);
  quantiles.look([times({ 0: 60 }), times({ 0: 40 })]);
  expect(quantiles.read()!.p50S).toBeCloseTo(ANSWER_TIME_BOUNDS_S[0] / 2, 12);
  quantiles.look([times({ 0: 60, 7: 100 }), times({ 0: 40 })]);
  expect(quantiles.read()).toEqual({
    p50S: ANSWER_TIME_BOUNDS_S[0],
    p99S: expect.closeTo(0.00099, 12),
  });
});

test('forgets what is older than a minute, and is not confused by a worker that begins anew', () => {
  const quantiles = new AnswerQuantiles();
  quantiles.look([times({})]);
  for (let second = 0; second < 61; second++) quantiles.look([times({ 13: 10 })]);
  expect(quantiles.read()).toBeUndefined();
  quantiles.look([times({ 13: 3, 14: 1 })]);
  expect(quantiles.read()).toEqual({ p50S: 1, p99S: 1 });
});
