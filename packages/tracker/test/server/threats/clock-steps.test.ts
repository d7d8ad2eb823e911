/** Threat 32: the wall clock is set; peers age by time that only goes on. */
import { ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrackerTransport, type TrackerTransport } from '../../../src/client/index.ts';
import { createTrackerServer, type TrackerServer } from '../../../src/server/index.ts';

const HOUR_MS = 3_600_000;
const here = { host: '127.0.0.1', port: 0 };
const request = {
  ...{ infoHash: toInfoHash(new Uint8Array(20).fill(1))!, peerId: toPeerId(new Uint8Array(20))! },
  ...{ port: 6_881, uploaded: 0, downloaded: 0, left: 1, numWant: 50, key: 1 },
};
const { signal } = new AbortController();

/** A manual clock whose wall time can be set. */
class SteppedClock extends ManualClock {
  stepMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.stepMs;
  }
}

let clock: SteppedClock;
let server: TrackerServer;
let transport: TrackerTransport;

beforeEach(async () => {
  clock = new SteppedClock();
  const random = seededRandom(1);
  const shared = { clock, random, log: silentLog };
  server = await createTrackerServer({ http: here, udp: here, intervalS: 100, ...shared });
  transport = createTrackerTransport({ userAgent: 'Shoal/test', clock, random });
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

function announce(scheme: 'http' | 'udp', port: number) {
  const url = `${scheme}://127.0.0.1:${server[scheme]!.port}/announce`;
  return transport.announce(url, { ...request, port }, signal);
}

test.each([
  ['an hour back', -HOUR_MS],
  ['a day ahead', 24 * HOUR_MS],
])(
  'the wall clock is set %s: nobody expires early, and nobody stays for ever',
  async (_name, stepMs) => {
    await announce('http', 1_001);
    await announce('udp', 1_002);
    clock.stepMs = stepMs;
    await clock.advance(100_000);
    // A connection id given before the step is as old as time that went by, and no older.
    expect(await announce('udp', 1_002)).toMatchObject({ leecherCount: 2 });
    await clock.advance(99_000);
    expect(server.stats().peerCount).toBe(2);
    await clock.advance(3_000);
    expect(server.stats().peerCount).toBe(1);
    await clock.advance(100_000);
    expect(server.stats()).toMatchObject({ swarmCount: 0, peerCount: 0 });
  },
);
