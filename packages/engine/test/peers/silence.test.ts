import { expect, test } from 'vitest';
import { dueOfSilence } from '../../src/peers/silence.ts';

const still = { receivedMs: 0, sentMs: 0, isInBlock: false };

test('a peer that is silent for two and a half minutes is closed', () => {
  expect(dueOfSilence({ ...still, receivedMs: 150_000 })).toBeUndefined();
  expect(dueOfSilence({ ...still, receivedMs: 150_001 })).toEqual({
    type: 'close',
    reason: 'silent for 150 s',
  });
});

test('in the middle of a block it is closed after 45 seconds', () => {
  const inBlock = { ...still, isInBlock: true };
  expect(dueOfSilence({ ...inBlock, receivedMs: 45_000 })).toBeUndefined();
  expect(dueOfSilence({ ...inBlock, receivedMs: 45_001 })).toEqual({
    type: 'close',
    reason: 'stalled in the middle of a block',
  });
});

test('when we were silent for a hundred seconds it hears that we are alive', () => {
  expect(dueOfSilence({ ...still, sentMs: 100_000 })).toBeUndefined();
  expect(dueOfSilence({ ...still, sentMs: 100_001 })).toEqual({ type: 'keep-alive' });
  expect(dueOfSilence({ ...still, sentMs: 200_000, receivedMs: 200_000 })?.type).toBe('close');
});
