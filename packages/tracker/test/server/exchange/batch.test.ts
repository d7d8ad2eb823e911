import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchSink, readBatch } from '../../../src/server/exchange/batch-reader.ts';
import { BatchWriter } from '../../../src/server/exchange/batch-writer.ts';
import { ExchangeError } from '../../../src/server/exchange/exchange-error.ts';
import type { Announce } from '../../../src/server/swarm/swarm-store.ts';

const BASE_S = 1_800_000_000;
/** What is said of the client of a peer that has stopped. */
const NOBODY = { clientTag: 0, peerId: 0 };
const PEER: Peer = {
  ...{ torrent: 0, peer: 1, family: 4, isSeeder: true, isStopped: false, ageS: 0 },
  ...NOBODY,
};

const peers = fc.array(
  fc.record({
    torrent: fc.nat(3),
    peer: fc.nat(255),
    family: fc.constantFrom(4 as const, 6 as const),
    isSeeder: fc.boolean(),
    isStopped: fc.boolean(),
    ageS: fc.nat(0xffff),
    clientTag: fc.oneof(fc.constant(0), fc.integer()),
    /** A byte that its peer id is made of, 0 for one that is not known. */
    peerId: fc.oneof(fc.constant(0), fc.nat(255)),
  }),
  { maxLength: 60 },
);

type Peer = typeof peers extends fc.Arbitrary<readonly (infer P)[]> ? P : never;

function write(list: readonly Peer[], maxLength: number): Uint8Array[] {
  const batches: Uint8Array[] = [];
  const writer = new BatchWriter({
    maxLength,
    baseS: () => BASE_S,
    tickShiftS: () => 7,
    emit: (batch) => batches.push(batch),
  });
  for (const { torrent, peer, family, isSeeder, isStopped, ageS, clientTag, peerId } of list) {
    writer.isStopped = isStopped;
    writer.openSet(new Int32Array(6).fill(-torrent), 1, family, torrent);
    const bytes = new Uint8Array(20).fill(peer);
    const ids = new Uint8Array(23).fill(peerId);
    writer.addPeer(bytes, 1, (BASE_S - 7 - ageS) & 0xffff, isSeeder, clientTag, ids, 3);
  }
  writer.flush();
  return batches;
}

function read(batches: readonly Uint8Array[]): { peers: Peer[]; completed: number[] } {
  const got: Peer[] = [];
  const completed: number[] = [];
  const sink: BatchSink = {
    takePeer(announce: Announce) {
      const { infoHash, peer, family, isSeeder, isStopped, nowMs, clientTag } = announce;
      const { peerIds, peerIdAt } = announce;
      const ageS = BASE_S - nowMs / 1_000;
      const length = family === 4 ? 6 : 18;
      expect(new Set(peer.subarray(0, length)).size).toBe(1);
      expect(new Set(infoHash).size).toBe(1);
      const ids = peerIds.subarray(peerIdAt, peerIdAt + 20);
      expect([ids.length, new Set(ids).size]).toEqual([20, 1]);
      const torrent = 0 - infoHash[0]!;
      const heard = { torrent, peer: peer[0]!, family, isSeeder, isStopped, ageS };
      got.push({ ...heard, clientTag, peerId: ids[0]! });
    },
    takeCompleted: (infoHash, count) => completed.push(-infoHash[0]!, count),
  };
  for (const batch of batches) readBatch(batch, (baseS) => baseS, sink);
  return { peers: got, completed };
}

test('reads back what was written, in order, in batches no longer than allowed', () => {
  fc.assert(
    fc.property(peers, fc.integer({ min: 80, max: 500 }), (list, maxLength) => {
      const batches = write(list, maxLength);
      for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(maxLength);
      const expected = list.map((peer) => (peer.isStopped ? { ...peer, ...NOBODY } : peer));
      expect(read(batches).peers).toEqual(expected);
    }),
  );
});

test('tells how often each torrent was completed, behind its peers', () => {
  const batches = write(
    [0, 2, 3].map((torrent) => ({ ...PEER, torrent })),
    1_000,
  );
  expect(read(batches).completed).toEqual([2, 2, 3, 3]);
});

test('takes 12 bytes for a peer of IPv4 and 24 for one of IPv6 beside 23 for a section, 20 more with its id', () => {
  const batchOf = (family: 4 | 6, clientTag: number, peerId: number): number =>
    write([{ ...PEER, isSeeder: false, family, clientTag, peerId }], 10_000)[0]!.length;
  expect(batchOf(4, 0, 0)).toBe(5 + 23 + 8);
  expect(batchOf(4, -3, 0)).toBe(5 + 23 + 12);
  expect(batchOf(6, -3, 0)).toBe(5 + 23 + 24);
  expect(batchOf(6, -3, 9)).toBe(5 + 23 + 44);
});

test('reads a batch of peers without tags, as they were written before there were any', () => {
  const infoHash = '01'.repeat(20);
  const batch = Buffer.from(
    `01${'6b49d200'}01${infoHash}00020a0000011ae1000a0a0000021ae20000`,
    'hex',
  );
  const got: string[] = [];
  readBatch(new Uint8Array(batch), (baseS) => baseS, {
    takePeer: ({ peer, nowMs, isSeeder, clientTag }) =>
      got.push(`${peer.subarray(0, 6).join('.')} ${nowMs} ${isSeeder} ${clientTag}`),
    takeCompleted: () => {},
  });
  expect(got).toEqual([
    `10.0.0.1.26.225 ${(BASE_S - 10) * 1_000} true 0`,
    `10.0.0.2.26.226 ${BASE_S * 1_000} true 0`,
  ]);
});

test('rejects whatever is no batch with its own error and nothing else', () => {
  const readAny = (batch: Uint8Array): void => {
    const sink = { takePeer: () => {}, takeCompleted: () => {} };
    try {
      readBatch(batch, (baseS) => baseS, sink);
    } catch (error) {
      expect(error).toBeInstanceOf(ExchangeError);
      expect(error).toMatchObject({ code: 'bad-batch' });
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readAny));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (tail) =>
      readAny(Uint8Array.of(1, 0, 0, 0, 0, ...tail)),
    ),
  );
});

test('rejects a batch cut off anywhere but between two sections', () => {
  const [batch] = write([PEER], 1_000);
  for (let length = 0; length < batch!.length; length++)
    if (length !== 5) expect(() => read([batch!.subarray(0, length)])).toThrow(/cut off/);
});
