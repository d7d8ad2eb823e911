import { ManualClock, seededRandom } from '@shoal/testkit';
import { type Log, silentLog } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SharedSwarmStore } from '../../../src/server/exchange/shared-swarm-store.ts';
import { Announce } from '../../../src/server/swarm/swarm-store.ts';
import { SwarmModel } from '../swarm-model.ts';
import { MemoryExchange, SharedLog } from './memory-exchange.ts';
import { announceTo, contentsOf, countsOf, peerIdOf } from './store-fixtures.ts';

const LIFETIME_S = 1_200;

interface Member {
  readonly store: SharedSwarmStore;
  readonly exchange: MemoryExchange;
}

/** A store whose exchanges happen when the test says so: with a period of years. */
async function join(
  log: SharedLog,
  clock: ManualClock,
  options: { clock?: ManualClock; log?: Log } = {},
): Promise<Member> {
  const exchange = new MemoryExchange(log, clock);
  const opening = SharedSwarmStore.open({
    exchange,
    random: seededRandom(log.entries.length),
    clock: options.clock ?? clock,
    log: options.log ?? silentLog,
    peerLifetimeS: LIFETIME_S,
    periodMs: 1e12,
    keepsPeerIds: true,
  });
  return { store: await finish(options.clock ?? clock, opening), exchange };
}

/** Time moves on a little, until it is done. */
async function finish<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  await clock.advanceUntil(() => isDone, 10_000).catch(() => {});
  return work;
}

async function settle(clock: ManualClock, members: readonly Member[]): Promise<void> {
  for (const { exchange } of members) exchange.fault = 'none';
  for (let round = 0; round < 3; round++)
    for (const { store } of members) await finish(clock, store.synchronise());
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('word' as const),
        member: fc.nat(2),
        torrent: fc.nat(1),
        peer: fc.nat(4),
        family: fc.constantFrom(4 as const, 6 as const),
        isSeeder: fc.boolean(),
        isStopped: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, fc.boolean()),
        hasCompleted: fc.boolean(),
        client: fc.nat(2),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('exchange' as const),
        member: fc.nat(2),
        fault: fc.constantFrom(
          'none' as const,
          'none' as const,
          'before' as const,
          'after' as const,
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(3_000) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('forget' as const) }) },
  ),
  { maxLength: 60 },
);

async function play(
  list: readonly (typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never)[],
  gapMs: number,
  hasClients: boolean,
): Promise<{ members: Member[]; model: SwarmModel; clock: ManualClock }> {
  const clock = new ManualClock();
  const log = new SharedLog();
  const members = [await join(log, clock), await join(log, clock), await join(log, clock)];
  const model = new SwarmModel(LIFETIME_S);
  for (const step of list) {
    if (step.type === 'wait') await clock.advance(step.ms);
    else if (step.type === 'forget') log.forget();
    else if (step.type === 'exchange') {
      const { store, exchange } = members[step.member]!;
      exchange.fault = step.fault;
      await finish(clock, store.synchronise());
    } else {
      const client = hasClients ? step.client : 0;
      announceTo(members[step.member]!.store, clock.nowMs(), { ...step, client });
      model.announce(step.torrent, step.peer, step, clock.nowMs() / 1_000);
      await clock.advance(gapMs);
    }
  }
  await settle(clock, members);
  return { members, model, clock };
}

test('ends up alike in every process, whatever is heard where, lost, cut and told twice', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const { members } = await play(list, 0, true);
      const [first, ...others] = members.map(({ store }) => contentsOf(store.copy));
      for (const other of others) expect(other).toEqual(first);
    }),
    { numRuns: 150 },
  );
});

test('holds what one store would hold that had heard everything, when peers keep to a process', async () => {
  // One that is heard by several, and contradicts itself before these have met, is right with its next word.
  const faithful = steps.map((list) =>
    list.map((step) => (step.type === 'word' ? { ...step, member: step.peer % 3 } : step)),
  );
  await fc.assert(
    fc.asyncProperty(faithful, async (list) => {
      const { members, model } = await play(list, 1_000, false);
      for (const { store } of members)
        for (const torrent of [0, 1]) {
          const { seederCount, leecherCount } = countsOf(store, torrent);
          expect({ seederCount, leecherCount }).toEqual({
            seederCount: model.counts(torrent).seederCount,
            leecherCount: model.counts(torrent).leecherCount,
          });
        }
    }),
    { numRuns: 100 },
  );
});

test('counts completed downloads once in every process, late comers among them', async () => {
  const clock = new ManualClock();
  const log = new SharedLog();
  const members = [await join(log, clock), await join(log, clock)];
  for (const [index, { store }] of members.entries())
    for (const isSeeder of [false, true])
      announceTo(store, 0, { torrent: 1, peer: index, isSeeder, hasCompleted: isSeeder });
  await settle(clock, members);
  members.push(await join(log, clock));
  for (const { store } of members)
    expect(countsOf(store, 1)).toEqual({ seederCount: 2, leecherCount: 0, completedCount: 2 });
});

test('answers from its own copy while the others are away, says so once, and catches up', async () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const note = (message: string): void => {
    lines.push(message);
  };
  const log = new SharedLog();
  const here = await join(log, clock, { log: { ...silentLog, warn: note, info: note } });
  const there = await join(log, clock);
  here.exchange.fault = 'before';
  for (let peer = 0; peer < 50; peer++) {
    const { leecherCount } = announceTo(here.store, clock.nowMs(), { torrent: 1, peer });
    expect(leecherCount).toBe(peer + 1);
    if (peer % 10 === 0) await finish(clock, here.store.synchronise());
  }
  expect(here.store.status).toMatchObject({
    isReachable: false,
    waitingCount: 50,
    failureCount: 5,
  });
  expect(countsOf(there.store, 1).leecherCount).toBe(0);
  await settle(clock, [here, there]);
  expect(countsOf(there.store, 1).leecherCount).toBe(50);
  expect(here.store.status).toMatchObject({ isReachable: true, waitingCount: 0 });
  expect(lines).toEqual(['swarms are not shared for now', 'swarms are shared again']);
});

test('who has begun where another client has ended is taken away in no process', async () => {
  const clock = new ManualClock();
  const log = new SharedLog();
  const members = [await join(log, clock), await join(log, clock)];
  const [here, there] = members as [Member, Member];
  const say = async ({ store }: Member, client: number, isStopped = false): Promise<void> => {
    announceTo(store, clock.nowMs(), { torrent: 1, peer: 1, client, isStopped });
    await settle(clock, members);
  };
  await say(here, 1);
  await say(there, 2);
  await say(here, 1, true);
  for (const { store } of members) expect(countsOf(store, 1).leecherCount).toBe(1);
  expect(contentsOf(here.store.copy)[0]).toMatch(peerIdOf(1, 2).join('.'));
  await say(here, 2, true);
  for (const { store } of members) expect(countsOf(store, 1).leecherCount).toBe(0);
});

test('a client that has moved is found again by every process', async () => {
  const clock = new ManualClock();
  const log = new SharedLog();
  const members = [await join(log, clock), await join(log, clock)];
  const announce = new Announce();
  announce.readClient(peerIdOf(1, 1), 0, 9);
  for (const [index, { store }] of members.entries()) {
    announce.peer.set([10, 0, 0, index]);
    announce.nowMs = clock.nowMs();
    store.announce(announce);
    await settle(clock, members);
    await clock.advance(300_000);
  }
  for (const { store } of members)
    expect(contentsOf(store.copy)).toEqual([expect.stringMatching(/^0 1 4 leecher/)]);
});

test('keeps who starts again within the second in which it stopped', async () => {
  const clock = new ManualClock();
  const log = new SharedLog();
  const members = [await join(log, clock), await join(log, clock)];
  const [{ store }] = members as [Member, Member];
  for (const isStopped of [false, true, false]) {
    announceTo(store, clock.nowMs(), { torrent: 1, peer: 1, isStopped });
    await settle(clock, members);
  }
  for (const member of members) expect(countsOf(member.store, 1).leecherCount).toBe(1);
});

test('tells nobody of a peer that says the same again and again, and keeps it alive all the same', async () => {
  const clock = new ManualClock();
  const log = new SharedLog();
  const [here, there] = [await join(log, clock), await join(log, clock)];
  for (let announces = 0; announces < 400; announces++) {
    announceTo(here.store, clock.nowMs(), { torrent: 1, peer: 1 });
    await settle(clock, [here, there]);
    await clock.advance(10_000);
    for (const { store } of [here, there]) store.sweep(clock.nowMs(), 1_000);
  }
  expect(countsOf(there.store, 1).leecherCount).toBe(1);
  expect(log.entries.length).toBeLessThanOrEqual(4_000 / (LIFETIME_S / 8) + 1);
});

test('agrees on ages with processes whose clocks are hours off', async () => {
  const clock = new ManualClock();
  const log = new SharedLog();
  const ahead = new ManualClock({ wallMs: clock.wallMs() + 7_200_000 });
  const here = await join(log, clock);
  const there = await join(log, clock, { clock: ahead });
  announceTo(here.store, clock.nowMs(), { torrent: 1, peer: 1 });
  announceTo(there.store, ahead.nowMs(), { torrent: 1, peer: 2 });
  await finish(clock, here.store.synchronise());
  await finish(ahead, there.store.synchronise());
  await finish(clock, here.store.synchronise());
  for (const [{ store }, own] of [
    [here, clock],
    [there, ahead],
  ] as const) {
    expect(countsOf(store, 1).leecherCount).toBe(2);
    store.sweep(own.nowMs() + (LIFETIME_S - 5) * 1_000, 1_000);
    expect(countsOf(store, 1).leecherCount).toBe(2);
    store.sweep(own.nowMs() + (LIFETIME_S + 5) * 1_000, 1_000);
    expect(countsOf(store, 1).leecherCount).toBe(0);
  }
});

test('leaves others that do not answer after two seconds, whatever it still had to say', async () => {
  const clock = new ManualClock();
  const { store, exchange } = await join(new SharedLog(), clock);
  exchange.fault = 'silence';
  announceTo(store, clock.nowMs(), { torrent: 1, peer: 1 });
  const closed = store.close();
  await clock.advance(1_999);
  expect(exchange.isClosed).toBe(false);
  await clock.advance(1);
  await closed;
  expect(exchange.isClosed).toBe(true);
  expect(clock.pendingTimerCount).toBe(0);
});
