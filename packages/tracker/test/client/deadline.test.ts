import { ManualClock } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { withDeadline } from '../../src/client/deadline.ts';

const never = (): Promise<never> => new Promise(() => {});

test('a limit holds for what never ends, and does not hear its signal', async () => {
  const clock = new ManualClock();
  const answer = withDeadline(clock, 30_000, new AbortController().signal, never);
  const failed = expect(answer).rejects.toMatchObject({ code: 'timeout' });
  await clock.advance(30_000);
  await failed;
});

test('so does the signal of the caller, before the limit', async () => {
  const cancel = new AbortController();
  const answer = withDeadline(new ManualClock(), 30_000, cancel.signal, never);
  const failed = expect(answer).rejects.toThrow('enough');
  cancel.abort(new Error('enough'));
  await failed;
});

test('what goes on behind a result, or an error, is told to stop', async () => {
  const clock = new ManualClock();
  for (const end of [Promise.resolve(7), Promise.reject(new Error('no'))]) {
    let given: AbortSignal | undefined;
    const { signal } = new AbortController();
    await withDeadline(clock, 30_000, signal, (either) => {
      given = either;
      return end;
    }).catch(() => {});
    expect(given?.aborted).toBe(true);
    expect(signal.aborted).toBe(false);
    expect(clock.pendingTimerCount).toBe(0);
  }
});
