import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchSink, readBatch } from '../../../src/server/exchange/batch-reader.ts';
import { BatchWriter } from '../../../src/server/exchange/batch-writer.ts';
import { ExchangeError } from '../../../src/server/exchange/exchange-error.ts';
import type { Announce } from '../../../src/server/swarm/swarm-store.ts';

const BASE_S = 1_800_000_000;

const peers = fc.array(
  fc.record({
    torrent: fc.nat(3),
    peer: fc.nat(255),
    family: fc.constantFrom(4 as const, 6 as const),
    isSeeder: fc.boolean(),
    isStopped: fc.boolean(),
    ageS: fc.nat(0xffff),
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
  for (const { torrent, peer, family, isSeeder, isStopped, ageS } of list) {
    writer.isStopped = isStopped;
    writer.openSet(new Int32Array(6).fill(-torrent), 1, family, torrent);
    const bytes = new Uint8Array(20).fill(peer);
    writer.addPeer(bytes, 1, (BASE_S - 7 - ageS) & 0xffff, isSeeder);
  }
  writer.flush();
  return batches;
}

function read(batches: readonly Uint8Array[]): { peers: Peer[]; completed: number[] } {
  const got: Peer[] = [];
  const completed: number[] = [];
  const sink: BatchSink = {
    takePeer({ infoHash, peer, family, isSeeder, isStopped, nowMs }: Announce) {
      const ageS = BASE_S - nowMs / 1_000;
      const length = family === 4 ? 6 : 18;
      expect(new Set(peer.subarray(0, length)).size).toBe(1);
      expect(new Set(infoHash).size).toBe(1);
      got.push({ torrent: 0 - infoHash[0]!, peer: peer[0]!, family, isSeeder, isStopped, ageS });
    },
    takeCompleted: (infoHash, count) => completed.push(-infoHash[0]!, count),
  };
  for (const batch of batches) readBatch(batch, (baseS) => baseS, sink);
  return { peers: got, completed };
}

test('reads back what was written, in order, in batches no longer than allowed', () => {
  fc.assert(
    fc.property(peers, fc.integer({ min: 64, max: 500 }), (list, maxLength) => {
      const batches = write(list, maxLength);
      for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(maxLength);
      expect(read(batches).peers).toEqual(list);
    }),
  );
});

test('tells how often each torrent was completed, behind its peers', () => {
  const peer = { peer: 1, family: 4, isSeeder: true, isStopped: false, ageS: 0 } as const;
  const batches = write(
    [0, 2, 3].map((torrent) => ({ ...peer, torrent })),
    1_000,
  );
  expect(read(batches).completed).toEqual([2, 2, 3, 3]);
});

test('takes 8 bytes for a peer of IPv4 and 20 for one of IPv6 beside 23 for a section', () => {
  const batchOf = (family: 4 | 6): number => {
    const peer = { torrent: 0, peer: 1, isSeeder: false, isStopped: false, ageS: 0 };
    return write([{ ...peer, family }], 10_000)[0]!.length;
  };
  expect(batchOf(4)).toBe(5 + 23 + 8);
  expect(batchOf(6)).toBe(5 + 23 + 20);
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
  const peer = { peer: 1, family: 4, isSeeder: true, isStopped: false, ageS: 0 } as const;
  const [batch] = write([{ ...peer, torrent: 0 }], 1_000);
  for (let length = 0; length < batch!.length; length++)
    if (length !== 5) expect(() => read([batch!.subarray(0, length)])).toThrow(/cut off/);
});
