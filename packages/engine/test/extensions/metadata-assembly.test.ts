import { METADATA_PIECE_LENGTH } from '@shoal/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MetadataAssembly, type MetadataRequest } from '../../src/extensions/metadata-assembly.ts';

const LENGTH = 4 * METADATA_PIECE_LENGTH + 100;
const PIECE_COUNT = 5;
const info = new Uint8Array(LENGTH).map((_, at) => at % 253);

function pieceOf(bytes: Uint8Array, piece: number): Uint8Array {
  return bytes.subarray(piece * METADATA_PIECE_LENGTH, (piece + 1) * METADATA_PIECE_LENGTH);
}

/** Asks, and returns which pieces each peer was asked for. */
function ask(assembly: MetadataAssembly, nowMs: number): Record<number, number[]> {
  const asked: Record<number, number[]> = {};
  for (const { peerKey, piece } of assembly.nextRequests(nowMs))
    asked[peerKey] = [...(asked[peerKey] ?? []), piece];
  return asked;
}

function give(assembly: MetadataAssembly, peer: number, piece: number): Uint8Array | undefined {
  return assembly.handleData(peer, piece, LENGTH, pieceOf(info, piece));
}

/** An assembly with peers 1..count that say the true length. */
function makeAssembly(count: number): MetadataAssembly {
  const assembly = new MetadataAssembly();
  for (let peer = 1; peer <= count; peer++) assembly.addPeer(peer, LENGTH);
  return assembly;
}

describe('asking', () => {
  test('a peer is asked for two pieces at a time, and for the next when one came', () => {
    const assembly = makeAssembly(1);
    expect(ask(assembly, 0)).toEqual({ 1: [0, 1] });
    expect(ask(assembly, 0)).toEqual({});
    give(assembly, 1, 1);
    expect(ask(assembly, 0)).toEqual({ 1: [2] });
  });

  test('pieces are spread over all peers before one is asked of two', () => {
    const assembly = makeAssembly(3);
    expect(ask(assembly, 0)).toEqual({ 1: [0, 1], 2: [2, 3], 3: [4, 0] });
  });

  test('what does not come in fifteen seconds is asked for again', () => {
    const assembly = makeAssembly(1);
    ask(assembly, 0);
    expect(ask(assembly, 15_000)).toEqual({});
    expect(ask(assembly, 15_001)).toEqual({ 1: [0, 1] });
  });

  test('a peer that leaves leaves its pieces to others', () => {
    const assembly = makeAssembly(2);
    ask(assembly, 0);
    assembly.removePeer(1);
    give(assembly, 2, 2);
    expect(ask(assembly, 0)).toEqual({ 2: [0] });
  });

  test('a peer that rejects is left alone for fifteen seconds', () => {
    const assembly = makeAssembly(1);
    ask(assembly, 0);
    assembly.handleReject(1, 0, 1_000);
    expect(ask(assembly, 15_999)).toEqual({});
    expect(ask(assembly, 16_000)[1]).toContain(0);
  });

  test('a reject of what was not asked for changes nothing', () => {
    const assembly = makeAssembly(1);
    assembly.handleReject(1, 0, 1_000);
    assembly.handleReject(9, 0, 1_000);
    expect(ask(assembly, 1_000)).toEqual({ 1: [0, 1] });
  });

  test.each([0, -1, 10_000_001, 2 ** 31])('a length of %d is not heeded', (length) => {
    const assembly = new MetadataAssembly();
    assembly.addPeer(1, length);
    expect(ask(assembly, 0)).toEqual({});
  });
});

describe('taking pieces in', () => {
  test('the last piece gives the whole', () => {
    const assembly = makeAssembly(1);
    const wholes: (Uint8Array | undefined)[] = [];
    for (let turn = 0; turn < PIECE_COUNT; turn++)
      for (const piece of ask(assembly, 0)[1] ?? []) wholes.push(give(assembly, 1, piece));
    expect(wholes.slice(0, -1)).toEqual(new Array(PIECE_COUNT - 1).fill(undefined));
    expect(Buffer.compare(wholes.at(-1)!, info)).toBe(0);
    expect(assembly.progress).toBe(1);
  });

  test('pieces of several peers, in any order, give the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()), (count, lots) => {
        const assembly = makeAssembly(count);
        const waiting: { peerKey: number; piece: number }[] = [];
        for (;;) {
          waiting.push(...assembly.nextRequests(0));
          const [lot] = lots.take(1);
          const [next] = waiting.splice(lot! % waiting.length, 1);
          const whole = give(assembly, next!.peerKey, next!.piece);
          if (whole === undefined) continue;
          expect(Buffer.compare(whole, info)).toBe(0);
          return;
        }
      }),
    );
  });

  test('what was not asked for, came too late or is of another length is dropped', () => {
    const assembly = makeAssembly(2);
    give(assembly, 1, 0);
    ask(assembly, 0);
    give(assembly, 1, 4);
    assembly.handleData(1, 0, LENGTH + 1, pieceOf(info, 0));
    give(assembly, 9, 0);
    expect(assembly.progress).toBe(0);
    ask(assembly, 20_000);
    give(assembly, 1, 0);
    give(assembly, 1, 0);
    expect(assembly.progress).toBe(1 / PIECE_COUNT);
  });

  test('a second copy does not replace the first', () => {
    const assembly = makeAssembly(3);
    ask(assembly, 0);
    give(assembly, 1, 0);
    assembly.handleData(3, 0, LENGTH, new Uint8Array(METADATA_PIECE_LENGTH));
    expect(assembly.progress).toBe(1 / PIECE_COUNT);
  });
});

describe('among liars', () => {
  test('who took part in a bad whole is named, and it begins anew', () => {
    const assembly = makeAssembly(2);
    for (let turn = 0; turn < PIECE_COUNT; turn++)
      for (const { peerKey, piece } of assembly.nextRequests(0)) give(assembly, peerKey, piece);
    expect(assembly.handleBad(LENGTH).sort()).toEqual([1, 2]);
    expect(assembly.progress).toBe(0);
    expect(ask(assembly, 0)[1]).toContain(0);
  });

  test('one that says another length does not mix with the others', () => {
    const assembly = makeAssembly(1);
    assembly.addPeer(2, 50);
    expect(ask(assembly, 0)).toEqual({ 1: [0, 1], 2: [0] });
    expect(assembly.handleData(2, 0, 50, new Uint8Array(50))).toHaveLength(50);
    expect(assembly.handleBad(50)).toEqual([2]);
    give(assembly, 1, 0);
    expect(assembly.progress).toBe(1 / PIECE_COUNT);
  });

  const LIE_LENGTH = 100 * METADATA_PIECE_LENGTH;
  const noise = new Uint8Array(METADATA_PIECE_LENGTH);

  /** Adds peers 1001, 1002 and so on, each with a length of its own. */
  function addLiars(assembly: MetadataAssembly, count: number): void {
    for (let liar = 1_001; liar <= 1_000 + count; liar++) assembly.addPeer(liar, LIE_LENGTH - liar);
  }

  /** The liars give what they are asked for. @returns what the others are asked for */
  function lie(assembly: MetadataAssembly): MetadataRequest[] {
    return assembly.nextRequests(0).filter(({ peerKey, piece }) => {
      if (peerKey > 1_000) assembly.handleData(peerKey, piece, LIE_LENGTH - peerKey, noise);
      return peerKey <= 1_000;
    });
  }

  test('many that say other lengths are in nobody’s way, however fast they give', () => {
    const assembly = makeAssembly(1);
    addLiars(assembly, 60);
    const waiting: MetadataRequest[] = [];
    // 60 times 90 pieces are more than are kept, and none of them is whole.
    for (let turn = 1; turn <= 45; turn++) {
      waiting.push(...lie(assembly));
      if (turn % 9 > 0) continue;
      const { peerKey, piece } = waiting.shift()!;
      if (give(assembly, peerKey, piece) !== undefined) return;
    }
    throw new Error('the honest peer was not heard');
  });

  test('what many peers say makes no room for what single ones do', () => {
    const assembly = makeAssembly(3);
    for (const { peerKey, piece } of lie(assembly)) give(assembly, peerKey, piece);
    expect(assembly.progress).toBe(1);
    // Each has less than the three have together.
    addLiars(assembly, 700);
    for (let turn = 0; turn < 2; turn++) lie(assembly);
    expect(assembly.progress).toBe(1);
  });
});
