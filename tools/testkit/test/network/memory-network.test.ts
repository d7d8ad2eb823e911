import type { Network, PeerAddress, Transport } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock, MemoryNetwork } from '../../src/index.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';
const C = '10.0.0.3';

interface Stream {
  readonly dialled: Transport;
  readonly accepted: Transport;
  /** What the accepting end got, and how it ended. */
  readonly got: { length: number; bytes: number[]; closes: (Error | undefined)[] };
}

/** Notes all bytes only while there are few. */
function listenTo(transport: Transport): Stream['got'] {
  const got: Stream['got'] = { length: 0, bytes: [], closes: [] };
  transport.start({
    handleBytes(bytes, length) {
      got.length += length;
      if (got.length < 100_000) got.bytes.push(...bytes.subarray(0, length));
    },
    handleDrain() {},
    handleClose: (error) => got.closes.push(error),
  });
  return got;
}

async function dial(clock: ManualClock, from: Network, to: PeerAddress): Promise<Transport> {
  let isDecided = false;
  const dialling = from.dial(to, { timeoutMs: 3000 }).finally(() => {
    isDecided = true;
  });
  dialling.catch(() => {});
  await clock.advanceUntil(() => isDecided, 10_000);
  return dialling;
}

async function connect(clock: ManualClock, from: Network, to: Network): Promise<Stream> {
  const accepted: Transport[] = [];
  const listener = await to.listen(0, undefined, (transport) => accepted.push(transport));
  const dialled = await dial(clock, from, listener.address);
  await listener.close();
  return { dialled, accepted: accepted[0]!, got: listenTo(accepted[0]!) };
}

test('a dial takes a round trip, and bytes half of one', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const far = network.host(B, { latencyMs: 45 });
  const { dialled, got } = await connect(clock, network.host(A), far);
  expect(clock.nowMs()).toBe(100);
  dialled.write(Uint8Array.of(1));
  expect(await clock.advanceUntil(() => got.length === 1, 1000)).toBe(50);
});

test('a host sends no faster than its way out, and receives no faster than its way in', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const slowOut = network.host(A, { upBytesPerS: 100_000, latencyMs: 0 });
  const slowIn = network.host(B, { downBytesPerS: 50_000, latencyMs: 0 });
  const open = network.host(C, { latencyMs: 0 });
  const out = await connect(clock, slowOut, open);
  out.dialled.write(new Uint8Array(200_000));
  expect(await clock.advanceUntil(() => out.got.length === 200_000, 60_000)).toBeCloseTo(2000);
  const into = await connect(clock, open, slowIn);
  into.dialled.write(new Uint8Array(200_000));
  expect(await clock.advanceUntil(() => into.got.length === 200_000, 60_000)).toBeCloseTo(4000);
  expect([slowOut.sentLength, slowIn.receivedLength]).toEqual([200_000, 200_000]);
});

test('the streams of a host share its way out evenly', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const from = network.host(A, { upBytesPerS: 1_000_000 });
  const [first, second] = [
    await connect(clock, from, network.host(B)),
    await connect(clock, from, network.host(C)),
  ];
  first.dialled.write(new Uint8Array(5_000_000));
  second.dialled.write(new Uint8Array(5_000_000));
  await clock.advance(2000);
  expect(first.got.length).toBeGreaterThan(900_000);
  expect(Math.abs(first.got.length - second.got.length)).toBeLessThanOrEqual(32_768);
});

test('a reader that does not read stops its writer, and no one else', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const from = network.host(A, { upBytesPerS: 10_000_000 });
  const stuck = await connect(clock, from, network.host(B));
  const other = await connect(clock, from, network.host(C));
  stuck.accepted.pause();
  stuck.dialled.write(new Uint8Array(50_000_000));
  other.dialled.write(new Uint8Array(5_000_000));
  await clock.advance(5000);
  expect(stuck.got.length).toBe(0);
  expect(stuck.dialled.bufferedLength).toBeGreaterThan(48_000_000);
  expect(other.got.length).toBe(5_000_000);
});

test('a reader with a small window stops its writer early, and writes that wait count for more than their bytes', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const to = network.host(B, { windowLength: 10_000 });
  const { dialled, accepted, got } = await connect(clock, network.host(A), to);
  accepted.pause();
  for (let n = 0; n < 1_000; n++) dialled.write(new Uint8Array(20));
  await clock.advance(1_000);
  expect(dialled.bufferedLength).toBe(500 * (20 + 1_024));
  accepted.resume();
  await clock.advance(1_000);
  expect(got.length).toBe(20_000);
  expect(dialled.bufferedLength).toBe(0);
});

test('a cut cable holds everything back, and tells nobody; healed, all goes on in order', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const { dialled, accepted, got } = await connect(clock, network.host(A), network.host(B));
  dialled.write(Uint8Array.of(1));
  await clock.advance(5);
  network.cut(B, A);
  dialled.write(Uint8Array.of(2));
  accepted.write(Uint8Array.of(3));
  await clock.advance(60_000);
  expect([got.length, got.closes]).toEqual([0, []]);
  network.heal(A, B);
  dialled.write(Uint8Array.of(4));
  await clock.advance(1000);
  expect(got.bytes).toEqual([1, 2, 4]);
});

test('cut at any times, a stream loses nothing and keeps its order', async () => {
  const steps = fc.array(fc.tuple(fc.nat(30), fc.nat(2)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const clock = new ManualClock();
      const network = new MemoryNetwork(clock);
      const to = network.host(B, { downBytesPerS: 1000 });
      const { dialled, got } = await connect(clock, network.host(A), to);
      const sent: number[] = [];
      for (const [waitMs, what] of list) {
        await clock.advance(waitMs);
        if (what === 0) dialled.write(Uint8Array.of(sent.push(sent.length) - 1));
        if (what === 1) network.cut(A);
        if (what === 2) network.heal(A);
      }
      network.heal(A);
      await clock.advance(10_000);
      expect(got.bytes).toEqual(sent);
    }),
    { numRuns: 50 },
  );
});

test('who is cut off from all cannot be dialled', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const listener = await network.host(B).listen(0, undefined, () => {});
  network.cut(B);
  await expect(dial(clock, network.host(A), listener.address)).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
  network.heal(B);
  await dial(clock, network.host(A), listener.address);
});

test('where no host is, nobody answers', async () => {
  const clock = new ManualClock();
  const from = new MemoryNetwork(clock).host(A);
  const nowhere: PeerAddress = { host: '10.9.9.9', port: 1, family: 4 };
  await expect(dial(clock, from, nowhere)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(clock.nowMs()).toBe(3000);
});

test('the loopback address is the host itself', async () => {
  const clock = new ManualClock();
  const host = new MemoryNetwork(clock).host(A);
  const { address } = await host.listen(0, undefined, () => {});
  for (const [ip, family] of [
    ['127.0.0.1', 4],
    ['::1', 6],
  ] as const)
    expect((await dial(clock, host, { ...address, host: ip, family })).remote.host).toBe(A);
});

test('a reset ends both ends with ECONNRESET', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const { dialled, got } = await connect(clock, network.host(A), network.host(B));
  const back = listenTo(dialled);
  await clock.advance(1);
  network.reset(A, B);
  await clock.advance(1);
  for (const { closes } of [got, back]) expect(closes).toMatchObject([{ code: 'ECONNRESET' }]);
  expect(network.openStreamCount).toBe(0);
});

test('counts the streams that are open at one end at least', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const { dialled } = await connect(clock, network.host(A), network.host(B));
  expect(network.openStreamCount).toBe(1);
  dialled.close();
  expect(network.openStreamCount).toBe(1);
  await clock.advance(100);
  expect(network.openStreamCount).toBe(0);
});

test('an address has one host, however it is written', () => {
  const network = new MemoryNetwork(new ManualClock());
  expect(network.host('::ffff:10.0.0.1')).toBe(network.host(A));
  expect(() => network.host('somewhere')).toThrow(RangeError);
});
