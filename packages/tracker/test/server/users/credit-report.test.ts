import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Credit,
  creditReport,
  type HeardReport,
  type Session,
} from '../../../src/server/users/credit-report.ts';

function report(
  heardMs: number,
  uploaded: number,
  changes: Partial<HeardReport> = {},
): HeardReport {
  return {
    userId: 1,
    infoHash: new Uint8Array(20),
    peerId: new Uint8Array(20),
    key: 0,
    isStarted: false,
    hasEnded: false,
    uploaded,
    downloaded: 0,
    heardMs,
    ...changes,
  };
}

/** The session of one client, with a line of 1,000 bytes a second. */
class OneSession {
  #kept: Session | undefined;

  /** @returns what is credited; undefined for nothing */
  take(next: HeardReport, nowMs = 20_000): Credit | undefined {
    const credit = creditReport(this.#kept, next, nowMs, 1);
    if (credit !== undefined) this.#kept = next;
    const isNothing = !credit?.uploaded && !credit?.downloaded && !credit?.isClipped;
    return isNothing ? undefined : credit;
  }
}

test('credits the difference to the report before, each way', () => {
  const session = new OneSession();
  expect(session.take(report(0, 500, { downloaded: 70 }))).toBeUndefined();
  expect(session.take(report(1_000, 600, { downloaded: 170 }))).toEqual({
    uploaded: 100,
    downloaded: 100,
    isClipped: false,
  });
  expect(session.take(report(2_000, 600, { downloaded: 170 }))).toBeUndefined();
});

test('credits what was moved until the client stopped, and nothing after that', () => {
  const session = new OneSession();
  session.take(report(0, 0, { isStarted: true }));
  expect(session.take(report(1_000, 9, { hasEnded: true }))).toMatchObject({ uploaded: 9 });
  expect(session.take(report(2_000, 20))).toBeUndefined();
  expect(session.take(report(3_000, 25))).toMatchObject({ uploaded: 5 });
});

test('cuts a claim at what a line carries in the time, and does not credit the rest later', () => {
  const session = new OneSession();
  session.take(report(0, 0));
  expect(session.take(report(2_000, 1e15))).toEqual({
    uploaded: 2_000,
    downloaded: 0,
    isClipped: true,
  });
  expect(session.take(report(9_000, 1e15 + 1))).toMatchObject({ uploaded: 1, isClipped: false });
});

test('a report below the one before, or with started, is a new beginning', () => {
  const session = new OneSession();
  session.take(report(0, 1_000));
  expect(session.take(report(1_000, 10))).toBeUndefined();
  expect(session.take(report(2_000, 15))).toMatchObject({ uploaded: 5 });
  expect(session.take(report(3_000, 100, { isStarted: true }))).toBeUndefined();
  expect(session.take(report(4_000, 101))).toMatchObject({ uploaded: 1 });
});

test('goes on from the report that a client brings back, unless it knows one itself', () => {
  const before = { uploaded: 100, downloaded: 5, heardMs: 1_000 };
  const session = new OneSession();
  expect(session.take(report(2_000, 150, { downloaded: 7, before }))).toEqual({
    uploaded: 50,
    downloaded: 2,
    isClipped: false,
  });
  expect(session.take(report(3_000, 160, { downloaded: 7, before }))).toMatchObject({
    uploaded: 10,
  });
  const isStarted = new OneSession().take(report(2_000, 150, { before, isStarted: true }));
  expect(isStarted).toBeUndefined();
});

test('nobody goes on from what he has brought to an end', () => {
  const session = new OneSession();
  const before = { uploaded: 0, downloaded: 0, heardMs: 1_000 };
  let credited = 0;
  for (let nowMs = 5_000; nowMs < 9_000; nowMs += 100)
    credited += session.take(report(nowMs, 400, { before, hasEnded: true }))?.uploaded ?? 0;
  expect(credited).toBe(400);
});

test('two clients with one peer id are not credited what the other has moved', () => {
  const session = new OneSession();
  let credited = 0;
  for (let round = 0; round < 10; round++) {
    const nowMs = 2_000 * round;
    for (const [key, uploaded] of [
      [1, 900 + round],
      [2, 10 + round],
    ] as const)
      credited += session.take(report(nowMs, uploaded, { key }))?.uploaded ?? 0;
  }
  expect(credited).toBe(9);
});

test('one client is credited once over HTTP and UDP, whatever keys it sends with them', () => {
  const session = new OneSession();
  let credited = 0;
  for (let round = 0; round < 10; round++)
    for (const key of [1, 2])
      credited += session.take(report(1_000 * round, 20 * round, { key }))?.uploaded ?? 0;
  expect(credited).toBe(180);
});

test('in whatever order reports come, and however often, they add up once', () => {
  const reports = [0, 100, 250, 300, 450].map((heardMs) => report(heardMs, heardMs));
  const total = 450;
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 30 }), (order) => {
      const session = new OneSession();
      session.take(reports[0]!);
      let credited = 0;
      for (const index of [...order, 4]) credited += session.take(reports[index]!)?.uploaded ?? 0;
      expect(credited).toBe(total);
    }),
  );
});

test('begins anew when the report before is of the future, for the clock was set back', () => {
  const session = new OneSession();
  session.take(report(10_000, 100));
  expect(session.take(report(9_600, 300), 10_000)).toBeUndefined();
  expect(session.take(report(9_700, 300), 9_700)).toBeUndefined();
  expect(session.take(report(9_800, 310), 9_800)).toMatchObject({ uploaded: 10 });
});

test('whatever a client says, it is credited no more than its line carries', () => {
  const reports = fc.record({
    stepMs: fc.nat(5_000),
    uploaded: fc.maxSafeNat(),
    isStarted: fc.boolean(),
    hasEnded: fc.boolean(),
    key: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(reports), (all) => {
      const session = new OneSession();
      let nowMs = 0;
      let credited = 0;
      for (const { stepMs, ...rest } of all) {
        nowMs += stepMs;
        credited += session.take(report(nowMs, rest.uploaded, rest), 1e9)?.uploaded ?? 0;
      }
      expect(credited).toBeLessThanOrEqual(nowMs);
    }),
  );
});
