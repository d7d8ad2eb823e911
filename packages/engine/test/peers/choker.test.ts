import { seededRandom } from '@shoal/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChokeCandidate,
  type ChokeDecision,
  type ChokeRound,
  chooseUnchoked,
} from '../../src/peers/choker.ts';

const ROUND_MS = 10_000;
const NOW_MS = 3_600_000;

/** An interested peer that has been here for long and gives nothing. */
function peer(key: number, facts: Partial<ChokeCandidate> = {}): ChokeCandidate {
  return {
    key,
    interested: true,
    isSnubbed: false,
    downBytesPerS: 0,
    upBytesPerS: 0,
    unchokedSinceMs: undefined,
    uploadedSinceUnchoke: 0,
    connectedAtMs: 0,
    isUnchoked: false,
    isOptimistic: false,
    lastOptimisticMs: undefined,
    ...facts,
  };
}

function choose(
  candidates: readonly ChokeCandidate[],
  facts: Partial<ChokeRound> = {},
): ChokeDecision {
  return chooseUnchoked({
    candidates,
    slotCount: 4,
    seeding: false,
    round: 1,
    nowMs: NOW_MS,
    random: seededRandom(1),
    ...facts,
  });
}

const keys = (decision: ChokeDecision): number[] => [...decision.unchoke].sort((a, b) => a - b);

describe('as a leecher', () => {
  test('the best givers get the regular slots and one other peer the optimistic one', () => {
    const givers = [10, 50, 30, 40, 20].map((rate, key) => peer(key, { downBytesPerS: rate }));
    const { unchoke, optimistic } = choose(givers);
    expect([...unchoke]).toEqual(expect.arrayContaining([1, 2, 3]));
    expect([0, 4]).toContain(optimistic);
    expect(unchoke.size).toBe(4);
    expect(unchoke.has(optimistic!)).toBe(true);
  });

  test('a better giver that wants nothing is unchoked beside the slots', () => {
    const list = [90, 80, 10, 9, 8].map((rate, key) => peer(key, { downBytesPerS: rate }));
    list[0] = peer(0, { downBytesPerS: 90, interested: false });
    list.push(peer(5, { downBytesPerS: 1, interested: false }));
    const { unchoke } = choose(list);
    expect([...unchoke]).toEqual(expect.arrayContaining([0, 1, 2, 3]));
    expect(unchoke.has(5)).toBe(false);
    expect(unchoke.size).toBe(5);
  });

  test('who gives nothing and wants nothing stays choked', () => {
    expect(keys(choose([peer(0, { interested: false }), peer(1)]))).toEqual([1]);
  });

  test('a snubbed peer gets no regular slot, however fast it was', () => {
    const list = [1, 2, 3, 4, 5].map((key) => peer(key, { downBytesPerS: key }));
    list[4] = peer(5, { downBytesPerS: 100, isSnubbed: true, lastOptimisticMs: NOW_MS });
    expect(keys(choose(list))).toEqual([1, 2, 3, 4]);
  });

  test('a snubbed peer may hold the optimistic slot', () => {
    expect(choose([peer(0, { isSnubbed: true })])).toEqual({
      unchoke: new Set([0]),
      optimistic: 0,
    });
  });

  test('slots that no giver claims are kept for 30 s by those who hold them', () => {
    const hold = { isUnchoked: true, unchokedSinceMs: NOW_MS - 20_000 };
    const list = [peer(0), peer(1, hold), peer(2), peer(3, hold), peer(4, hold), peer(5)];
    for (let seed = 0; seed < 20; seed++)
      expect([...choose(list, { random: seededRandom(seed) }).unchoke]).toEqual(
        expect.arrayContaining([1, 3, 4]),
      );
  });

  test('the optimistic unchoke stays for three rounds', () => {
    const list = [peer(0), peer(1), peer(2, { isOptimistic: true, isUnchoked: true }), peer(3)];
    list.push(...[4, 5, 6].map((key) => peer(key, { downBytesPerS: 9 })));
    expect(choose(list, { round: 4 }).optimistic).toBe(2);
    expect(choose(list, { round: 5 }).optimistic).toBe(2);
    expect(choose(list, { round: 6 }).optimistic).not.toBe(2);
  });

  test('an optimistic peer that gives well is promoted, and the slot goes to another', () => {
    const list = [1, 2, 3].map((key) => peer(key, { downBytesPerS: key }));
    list.push(peer(4, { downBytesPerS: 9, isOptimistic: true, isUnchoked: true }), peer(5));
    const { unchoke, optimistic } = choose(list);
    expect([...unchoke].slice(0, 3)).toEqual([4, 3, 2]);
    expect([1, 5]).toContain(optimistic);
  });

  test('an optimistic peer that lost interest makes room at once', () => {
    const list = [1, 2, 3].map((key) => peer(key, { downBytesPerS: key }));
    list.push(peer(4, { interested: false, isOptimistic: true, isUnchoked: true }), peer(5));
    expect(choose(list).optimistic).toBe(5);
  });

  test('a new connection is three times as likely as any other place to be next', () => {
    const list = [1, 2, 3].map((key) => peer(key, { downBytesPerS: key }));
    for (let key = 4; key < 13; key++) list.push(peer(key, { connectedAtMs: key }));
    list.push(peer(99, { connectedAtMs: NOW_MS - 5000 }));
    const random = seededRandom(5);
    let newcomer = 0;
    const draws = 6000;
    for (let draw = 0; draw < draws; draw++) {
      const { optimistic } = choose(list, { round: 3, random });
      expect([4, 99]).toContain(optimistic);
      if (optimistic === 99) newcomer++;
    }
    expect(newcomer / draws).toBeCloseTo(3 / 12, 1);
  });

  test('a single slot goes to the best giver', () => {
    const list = [peer(0), peer(1, { downBytesPerS: 5 }), peer(2, { downBytesPerS: 6 })];
    expect(choose(list, { slotCount: 1 })).toEqual({
      unchoke: new Set([2]),
      optimistic: undefined,
    });
  });
});

describe('as a seeder', () => {
  const turn = (facts: Partial<ChokeCandidate>): Partial<ChokeCandidate> => ({
    isUnchoked: true,
    uploadedSinceUnchoke: 100_000_000,
    ...facts,
  });

  test('who had a minute and its quota makes room for those who waited longest', () => {
    const list = [
      peer(0, turn({ unchokedSinceMs: NOW_MS - 60_000 })),
      peer(1, turn({ unchokedSinceMs: NOW_MS - 59_000 })),
      peer(2, turn({ unchokedSinceMs: NOW_MS - 90_000, uploadedSinceUnchoke: 1000 })),
      peer(3, { unchokedSinceMs: NOW_MS - 300_000 }),
      peer(4, { connectedAtMs: NOW_MS - 400_000 }),
      peer(5, { unchokedSinceMs: NOW_MS - 200_000 }),
    ];
    expect(keys(choose(list, { seeding: true }))).toEqual([1, 2, 3, 4]);
  });

  test('a peer that takes nothing loses its turn after three minutes', () => {
    const slow = peer(0, turn({ unchokedSinceMs: NOW_MS - 180_000, uploadedSinceUnchoke: 0 }));
    expect(keys(choose([slow, peer(1)], { seeding: true, slotCount: 1 }))).toEqual([1]);
  });

  test('when nobody waits all stay, and the fastest when the slots become fewer', () => {
    const list = [1, 2, 3].map((key) =>
      peer(key, turn({ unchokedSinceMs: 0, upBytesPerS: key * 1000 })),
    );
    expect(keys(choose(list, { seeding: true }))).toEqual([1, 2, 3]);
    expect(keys(choose(list, { seeding: true, slotCount: 2 }))).toEqual([2, 3]);
  });

  test('who is not interested has no slot', () => {
    const list = [peer(0, turn({ interested: false, unchokedSinceMs: NOW_MS })), peer(1)];
    expect(keys(choose(list, { seeding: true }))).toEqual([1]);
  });
});

test('never fills more slots than there are, nor leaves one empty that somebody deserves', () => {
  const someTime = fc.option(fc.nat(NOW_MS), { nil: undefined });
  const facts = fc.record({
    interested: fc.boolean(),
    isSnubbed: fc.boolean(),
    downBytesPerS: fc.nat(3),
    upBytesPerS: fc.nat(3),
    unchokedSinceMs: someTime,
    uploadedSinceUnchoke: fc.nat(20_000_000),
    connectedAtMs: fc.nat(NOW_MS),
    isUnchoked: fc.boolean(),
    lastOptimisticMs: someTime,
  });
  const rounds = fc.record({
    slotCount: fc.nat(6),
    seeding: fc.boolean(),
    round: fc.nat(9),
    random: fc.nat().map(seededRandom),
  });
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 12 }), rounds, (list, round) => {
      const candidates = list.map((one, key) => peer(key, { ...one, isOptimistic: key === 0 }));
      const { unchoke, optimistic } = choose(candidates, round);
      expect(optimistic === undefined || unchoke.has(optimistic)).toBe(true);
      const served = candidates.filter(({ key, interested }) => interested && unchoke.has(key));
      expect(served.length).toBeLessThanOrEqual(round.slotCount);
      const deserving = candidates.filter(({ interested, isSnubbed }) => interested && !isSnubbed);
      const leastCount = Math.min(round.slotCount, deserving.length);
      expect(served.length).toBeGreaterThanOrEqual(leastCount);
    }),
  );
});

describe('over 30 minutes with 20 peers', () => {
  type Simulated = { -readonly [Fact in keyof ChokeCandidate]: ChokeCandidate[Fact] };
  interface Share {
    unchokedRounds: number;
    optimisticRounds: number;
    turns: number;
    uploaded: number;
  }

  /** Plays 180 rounds and carries each decision out. */
  function play(o: {
    seeding: boolean;
    seed: number;
    /** What peer `key` gives and takes while it is unchoked. */
    downBytesPerS?: (key: number) => number;
    upBytesPerS?: (key: number) => number;
    connectedAtMs?: (key: number) => number;
  }): Share[] {
    const random = seededRandom(o.seed);
    const peers: Simulated[] = [];
    const shares: Share[] = [];
    for (let key = 0; key < 20; key++) {
      const downBytesPerS = o.downBytesPerS?.(key) ?? 0;
      peers.push(peer(key, { connectedAtMs: o.connectedAtMs?.(key) ?? 0, downBytesPerS }));
      shares.push({ unchokedRounds: 0, optimisticRounds: 0, turns: 0, uploaded: 0 });
    }
    for (let round = 0; round < 180; round++) {
      const nowMs = (round + 1) * ROUND_MS;
      const candidates = peers.filter(({ connectedAtMs }) => connectedAtMs <= nowMs);
      const decision = choose(candidates, { seeding: o.seeding, round, nowMs, random });
      for (const one of candidates) {
        const share = shares[one.key]!;
        const isUnchoked = decision.unchoke.has(one.key);
        const isOptimistic = decision.optimistic === one.key;
        if (isUnchoked && !one.isUnchoked) {
          one.unchokedSinceMs = nowMs;
          one.uploadedSinceUnchoke = 0;
          share.turns++;
        }
        if (isOptimistic && !one.isOptimistic) one.lastOptimisticMs = nowMs;
        one.isUnchoked = isUnchoked;
        one.isOptimistic = isOptimistic;
        one.upBytesPerS = isUnchoked ? (o.upBytesPerS?.(one.key) ?? 0) : 0;
        one.uploadedSinceUnchoke += (one.upBytesPerS * ROUND_MS) / 1000;
        share.uploaded += (one.upBytesPerS * ROUND_MS) / 1000;
        if (isUnchoked) share.unchokedRounds++;
        if (isOptimistic) share.optimisticRounds++;
      }
    }
    return shares;
  }

  const range = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

  test('three givers keep the regular slots, and 17 share the optimistic one evenly', () => {
    const shares = play({ seeding: false, seed: 1, downBytesPerS: (key) => (key < 3 ? 1000 : 0) });
    expect(shares.slice(0, 3).map((share) => share.unchokedRounds)).toEqual([180, 180, 180]);
    // 60 turns of 30 s for 17 peers: three or four each.
    const optimistic = shares.slice(3).map((share) => share.optimisticRounds / 3);
    expect(range(optimistic)).toBeLessThanOrEqual(1);
    expect(optimistic.reduce((sum, count) => sum + count)).toBe(60);
  });

  test('newcomers come to the optimistic slot sooner, and no one is left out', () => {
    const connectedAtMs = (key: number): number => (key < 10 ? 0 : key * 30_000);
    const shares = play({
      seeding: false,
      seed: 2,
      connectedAtMs,
      downBytesPerS: (key) => (key < 3 ? 1000 : 0),
    });
    for (const { optimisticRounds } of shares.slice(3))
      expect(optimisticRounds / 3).toBeGreaterThanOrEqual(2);
  });

  test('when nobody gives anything, everybody gets within a third of the same', () => {
    const totals = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 10; seed++)
      for (const [key, share] of play({ seeding: false, seed }).entries())
        totals[key]! += share.unchokedRounds / 10;
    for (const total of totals) expect(Math.abs(total - 36)).toBeLessThan(12);
  });

  test('a seeder gives everybody as many turns, and equal peers equal time', () => {
    const shares = play({ seeding: true, seed: 3, upBytesPerS: () => 500_000 });
    expect(shares.map((share) => share.unchokedRounds)).toEqual(new Array(20).fill(36));
  });

  test('a seeder gives slow peers longer turns, so that they too get whole pieces', () => {
    const shares = play({ seeding: true, seed: 4, upBytesPerS: (key) => (key % 2 ? 1e6 : 25_000) });
    expect(range(shares.map((share) => share.turns))).toBeLessThanOrEqual(1);
    for (const { uploaded } of shares) expect(uploaded).toBeGreaterThan(8_000_000);
  });
});
