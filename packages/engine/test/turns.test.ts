import { expect, test } from 'vitest';
import { Turns } from '../src/turns.ts';

test('what is asked for one key runs in turn, though what came before failed', async () => {
  const turns = new Turns();
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const failed = turns.take('a', () => first.promise);
  const second = turns.take('a', async () => said.push('second'));
  await turns.take('b', async () => said.push('other'));
  expect(said).toEqual(['other']);
  first.reject(new Error('no'));
  await expect(failed).rejects.toThrow('no');
  await second;
  expect(said).toEqual(['other', 'second']);
});

test('what nothing stands before runs at once', async () => {
  const turns = new Turns();
  let isRun = false;
  const run = async (): Promise<void> => {
    isRun = true;
  };
  const turn = turns.take('a', run);
  expect(isRun).toBe(true);
  await turn;
  isRun = false;
  const again = turns.take('a', run);
  expect(isRun).toBe(true);
  await again;
});

test('all have ended when they have settled, those that failed too', async () => {
  const turns = new Turns();
  const ends: string[] = [];
  const bad = turns.take('a', async () => {
    throw new Error('no');
  });
  bad.catch(() => ends.push('bad'));
  void turns.take('a', async () => ends.push('good'));
  await turns.settled();
  expect(ends).toEqual(['bad', 'good']);
});
