import { join } from 'node:path';
import { replaceFile } from '@shoal/chunk-store';
import { ManualClock, seededRandom, temporaryFolder } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { expect, test } from 'vitest';
import { SharedSwarmStore } from '../../../src/server/exchange/shared-swarm-store.ts';
import { SnapshotKeeper } from '../../../src/server/snapshot/snapshot-keeper.ts';
import { MemoryExchange, SharedLog } from './memory-exchange.ts';
import { announceTo, contentsOf, countsOf } from './store-fixtures.ts';

const LIFETIME_S = 1_200;

async function keep(path: string, store: SharedSwarmStore): Promise<SnapshotKeeper> {
  const { copy, restoring, copyClock: clock } = store;
  return await SnapshotKeeper.open({
    ...{ path, store: copy, restoring, clock, log: silentLog, replaceFile },
    peerLifetimeS: LIFETIME_S,
  });
}

test('a snapshot changes nothing that was heard elsewhere since; what the others lack they are told', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock();
  const log = new SharedLog();
  /** Time moves on a little, until it is done. */
  const moving = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    void work.finally(() => {
      isDone = true;
    });
    await clock.advanceUntil(() => isDone, 10_000);
    return work;
  };
  const open = (): Promise<SharedSwarmStore> =>
    moving(
      SharedSwarmStore.open({
        ...{ exchange: new MemoryExchange(log, clock), random: seededRandom(1), clock },
        ...{ log: silentLog, peerLifetimeS: LIFETIME_S, periodMs: 1_000 },
      }),
    );
  const [leaving, staying] = [await open(), await open()];
  const keeper = await keep(path, leaving);
  for (let peer = 1; peer <= 6; peer++) announceTo(leaving, clock.nowMs(), { torrent: 1, peer });
  await clock.advance(5_000);
  await keeper.close();
  await moving(leaving.close());
  await clock.advance(5_000);
  for (const peer of [1, 2, 3])
    announceTo(staying, clock.nowMs(), { torrent: 1, peer, isStopped: true });
  for (const peer of [4, 5])
    announceTo(staying, clock.nowMs(), { torrent: 1, peer, isSeeder: true, hasCompleted: true });
  await clock.advance(5_000);

  const back = await open();
  const restored = await keep(path, back);
  const counts = { seederCount: 2, leecherCount: 1, completedCount: 2 };
  for (const store of [staying, back]) expect(countsOf(store, 1)).toEqual(counts);
  expect(contentsOf(back.copy)).toEqual(contentsOf(staying.copy));
  await restored.close();

  // Now from a carrier that has lost all.
  for (const store of [back, staying]) await moving(store.close());
  log.forget();
  const [newcomer, keeping] = [await open(), await open()];
  const last = await keep(path, keeping);
  await clock.advance(5_000);
  for (const store of [keeping, newcomer]) expect(countsOf(store, 1)).toEqual(counts);
  await last.close();
  for (const store of [keeping, newcomer]) await moving(store.close());
});
