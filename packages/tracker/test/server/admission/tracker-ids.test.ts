import { ManualClock, seededRandom } from '@shoal/testkit';
import { anyText } from '@shoal/testkit/any-text';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Gate } from '../../../src/server/admission/gate.ts';
import type { TransferNews } from '../../../src/server/admission/membership.ts';
import { TRACKER_ID_LENGTH, TrackerIds } from '../../../src/server/admission/tracker-ids.ts';
import { Announce } from '../../../src/server/swarm/swarm-store.ts';

const secret = new Uint8Array(32).fill(7);
const news: TransferNews = {
  infoHash: Int32Array.of(1, -2, 3, -4, 5),
  peerId: '-SL0100-\u00ff\u0000cdefghijkl',
  key: 0xdead_beef,
  isStarted: false,
  isStopped: false,
  uploaded: 1_000,
  downloaded: 2,
  nowMs: 50_000,
};

function newIds(clock: ManualClock, of = secret): TrackerIds {
  return new TrackerIds({ secret: of, clock, lifetimeMs: 20_000 });
}

test('a report comes back as it was sealed, after a restart on another monotonic clock too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.maxSafeNat(), fc.maxSafeNat(), fc.nat(20_000), async (up, down, ageMs) => {
      const clock = new ManualClock();
      const sealed = newIds(clock).seal(7, { ...news, uploaded: up, downloaded: down });
      expect(sealed).toMatch(/^[\w-]+$/);
      expect(sealed).toHaveLength(TRACKER_ID_LENGTH);
      const later = new ManualClock({ wallMs: clock.wallMs() + ageMs });
      expect(newIds(later).open(sealed, 7, { ...news, nowMs: 90_000 })).toEqual({
        uploaded: up,
        downloaded: down,
        heardMs: 90_000 - ageMs,
      });
    }),
  );
});

test.each([
  ['another member', 8, {}],
  ['another torrent', 7, { infoHash: new Int32Array(5) }],
  ['another peer id', 7, { peerId: 'x'.repeat(20) }],
  ['another key', 7, { key: 1 }],
])('is worth nothing to %s', (_whom, member, changes) => {
  const ids = newIds(new ManualClock());
  expect(ids.open(ids.seal(7, news), member, { ...news, ...changes })).toBeUndefined();
});

test('is worth nothing when it is too old, from the future, or of another tracker', () => {
  const clock = new ManualClock();
  const sealed = newIds(clock).seal(7, news);
  for (const shiftMs of [20_001, -1]) {
    const other = new ManualClock({ wallMs: clock.wallMs() + shiftMs });
    expect(newIds(other).open(sealed, 7, news)).toBeUndefined();
  }
  expect(newIds(clock, new Uint8Array(32)).open(sealed, 7, news)).toBeUndefined();
});

test('nothing but what was sealed is opened', () => {
  const ids = newIds(new ManualClock());
  const sealed = ids.seal(7, news);
  for (let at = 0; at < sealed.length; at++)
    for (const character of 'A_~\u00e9 ') {
      const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
      if (changed !== sealed) expect(ids.open(changed, 7, news)).toBeUndefined();
    }
  fc.assert(
    fc.property(anyText({ maxLength: 60 }), (text) => {
      expect(ids.open(text, 7, news)).toBeUndefined();
    }),
  );
});

test('who has stopped gets none: nobody goes on from there', () => {
  const gate = new Gate({
    membership: { secret, find: () => 7, record: () => {} },
    trackerIds: newIds(new ManualClock()),
    random: seededRandom(1),
  });
  const announce = new Announce();
  gate.account(announce, 1, 2);
  expect(gate.trackerId()).toHaveLength(TRACKER_ID_LENGTH);
  announce.isStopped = true;
  gate.account(announce, 1, 2);
  expect(gate.trackerId()).toBeUndefined();
});
