import { ManualClock } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { askEach, type Endpoint } from '../../src/client/endpoints.ts';
import { TrackerError } from '../../src/protocol/tracker-error.ts';

const v4: Endpoint = { ip: '192.0.2.1', family: 4, port: 80 };
const v6: Endpoint = { ip: '2001:db8::1', family: 6, port: 80 };
const refusal = new TrackerError('failure', 'unregistered torrent', {
  retryInS: Number.POSITIVE_INFINITY,
});
const unreachable = new TrackerError('unreachable', 'no route');

/** Asks both families, of which each answers or fails after its time; undefined for never. */
function ask(
  clock: ManualClock,
  answers: Record<4 | 6, { afterMs: number; with: string | TrackerError } | undefined>,
): Promise<string[]> {
  return askEach(
    [v4, v6],
    clock,
    ({ family }) =>
      new Promise((resolve, reject) => {
        const answer = answers[family];
        if (answer === undefined) return;
        clock.after(answer.afterMs, () =>
          answer.with instanceof TrackerError ? reject(answer.with) : resolve(answer.with),
        );
      }),
  );
}

test('a refusal over one family is told while the other is silent', async () => {
  const clock = new ManualClock();
  const asked = ask(clock, { 4: { afterMs: 40, with: refusal }, 6: undefined });
  const told = expect(asked).rejects.toBe(refusal);
  await clock.advance(200);
  await told;
  expect(clock.pendingTimerCount).toBe(0);
});

test('a good answer soon after a refusal counts more', async () => {
  const clock = new ManualClock();
  const asked = ask(clock, { 4: { afterMs: 40, with: refusal }, 6: { afterMs: 90, with: 'v6' } });
  await clock.advance(100);
  expect(await asked).toEqual(['v6']);
});

test('a refusal says more than an address that cannot be reached, whichever comes first', async () => {
  const clock = new ManualClock();
  const asked = ask(clock, {
    4: { afterMs: 500, with: refusal },
    6: { afterMs: 1, with: unreachable },
  });
  const told = expect(asked).rejects.toBe(refusal);
  await clock.advance(500);
  await told;
});

test('an address that cannot be reached starts no grace: the other has its time', async () => {
  const clock = new ManualClock();
  const asked = ask(clock, {
    4: { afterMs: 1, with: unreachable },
    6: { afterMs: 9_000, with: 'v6' },
  });
  await clock.advance(9_000);
  expect(await asked).toEqual(['v6']);
});

test('answers of both are given, or the first when the second takes far longer', async () => {
  const clock = new ManualClock();
  const both = ask(clock, { 4: { afterMs: 50, with: 'v4' }, 6: { afterMs: 140, with: 'v6' } });
  const one = ask(clock, { 4: { afterMs: 50, with: 'v4' }, 6: { afterMs: 160, with: 'v6' } });
  await clock.advance(150);
  expect(await both).toEqual(['v4', 'v6']);
  expect(await one).toEqual(['v4']);
});
