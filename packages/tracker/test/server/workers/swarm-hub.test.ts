import { ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SharedSwarmStore } from '../../../src/server/exchange/shared-swarm-store.ts';
import type { SwarmExchange } from '../../../src/server/exchange/swarm-exchange.ts';
import { SwarmHub } from '../../../src/server/workers/swarm-hub.ts';
import { WorkerExchange } from '../../../src/server/workers/worker-exchange.ts';
import type {
  HubMessage,
  MemberMessage,
  MessagePort,
} from '../../../src/server/workers/worker-messages.ts';
import { announceTo, contentsOf, countsOf } from '../exchange/store-fixtures.ts';

const PERIOD_MS = 100;

/** Two ends; messages arrive in order, a turn later, as copies. */
function channel<A, B>(): [MessagePort<A, B>, MessagePort<B, A>] {
  const toA = new Set<(message: B) => void>();
  const toB = new Set<(message: A) => void>();
  const end = <Out, In>(mine: Set<(m: In) => void>, theirs: Set<(m: Out) => void>) => ({
    post: async (message: Out) => {
      const copy = structuredClone(message);
      await Promise.resolve();
      for (const listener of theirs) listener(copy);
    },
    listen: (listener: (message: In) => void) => {
      mine.add(listener);
      return () => mine.delete(listener);
    },
  });
  return [end<A, B>(toA, toB), end<B, A>(toB, toA)];
}

class Family {
  readonly clock = new ManualClock();
  readonly hub = new SwarmHub(this.clock);
  readonly members: SharedSwarmStore[] = [];

  async start(): Promise<this> {
    await this.#open(this.hub.exchange());
    return this;
  }

  async addWorker(): Promise<SharedSwarmStore> {
    const [here, there] = channel<HubMessage, MemberMessage>();
    const [parent] = this.members;
    this.hub.attach(here, () => parent!.allBatches());
    return this.#open(await WorkerExchange.open(there, this.clock));
  }

  /** Long enough for a word to reach all. */
  async settle(): Promise<void> {
    await this.clock.advance(5 * PERIOD_MS);
  }

  async #open(exchange: SwarmExchange): Promise<SharedSwarmStore> {
    const opening = SharedSwarmStore.open({
      exchange,
      random: seededRandom(this.members.length),
      clock: this.clock,
      log: silentLog,
      peerLifetimeS: 1_200,
      periodMs: PERIOD_MS,
    });
    await this.clock.advance(1_000);
    const store = await opening;
    this.members.push(store);
    return store;
  }
}

test('lets every worker know what each of them heard, newcomers too', async () => {
  const word = fc.record({
    member: fc.nat(2),
    torrent: fc.nat(3),
    peer: fc.nat(20),
    isSeeder: fc.boolean(),
    isStopped: fc.boolean(),
    waitMs: fc.nat(400),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 60 }), async (words) => {
      const family = await new Family().start();
      for (let worker = 0; worker < 2; worker++) await family.addWorker();
      for (const { member, waitMs, ...said } of words) {
        announceTo(family.members[member]!, family.clock.nowMs(), said);
        await family.clock.advance(waitMs);
      }
      await family.settle();
      await family.addWorker();
      const [first, ...others] = family.members.map(({ copy }) => contentsOf(copy));
      for (const other of others) expect(other).toEqual(first);
    }),
    { numRuns: 40 },
  );
});

test('goes on without a worker that is gone, and tells the next one what that had heard', async () => {
  const family = await new Family().start();
  const first = await family.addWorker();
  for (let peer = 0; peer < 5_000; peer++)
    announceTo(first, family.clock.nowMs(), { torrent: 1, peer });
  await family.settle();
  await first.close();
  const second = await family.addWorker();
  expect(countsOf(second, 1).leecherCount).toBe(5_000);
  expect(family.clock.pendingTimerCount).toBe(2);
});

test('tells the last words of a worker that closes', async () => {
  const family = await new Family().start();
  const worker = await family.addWorker();
  announceTo(worker, family.clock.nowMs(), { torrent: 1, peer: 1 });
  await worker.close();
  await family.settle();
  expect(countsOf(family.members[0]!, 1).leecherCount).toBe(1);
});
