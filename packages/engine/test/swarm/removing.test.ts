import { readdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TorrentHandle } from '../../src/index.ts';
import { openHalfWay } from './half-way.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

/** What this process has open there; nothing on a system that does not tell. */
async function openFilesBelow(folder: string): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const links = numbers.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((file) => file.startsWith(folder));
}

describe('a torrent that is removed', () => {
  test('leaves its files where they are, unless they shall go too', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    const { outputFolder } = stage.torrent(leecher).getDetail();
    await writeFile(path.join(outputFolder, 'beside'), '');
    expect((await readdir(outputFolder)).length).toBeGreaterThan(1);
    await stage.settle(leecher.engine.remove(infoHash, { forget: true, eraseData: true }));
    expect(await readdir(outputFolder)).toEqual(['beside']);
  });

  const states = (node: Node): Promise<string[]> =>
    readdir(path.join(node.stateFolder, 'torrents'));

  test('says goodbye and is gone, its state stays, and it can be added again', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    await stage.settle(leecher.engine.remove(infoHash));
    expect(leecher.engine.getSnapshot().torrents).toEqual([]);
    expect(stage.tracker.lastOf(leecher.host)?.event).toBe('stopped');
    expect(await states(leecher)).toContain(`${infoHash}.resume`);
    const have = leecher.eventsOf('piece').length;
    await stage.add(leecher);
    await stage.until(() => leecher.has('checked'), 5_000);
    expect(leecher.eventsOf('checked').at(-1)!.goodPieces).toBe(have);
    await stage.untilComplete([leecher], 30_000);
  });

  test('and forgotten leaves no state', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    await stage.settle(leecher.engine.remove(infoHash, { forget: true }));
    await stage.clock.advance(60_000);
    expect(await states(leecher)).toEqual([]);
  });

  test('and forgotten while it is saved as complete does not come back', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    let removed: Promise<void> | undefined;
    leecher.engine.onEvent(() => {
      if (leecher.eventsOf('piece').length < 32 || removed !== undefined) return;
      removed = Promise.resolve().then(() => leecher.engine.remove(infoHash, { forget: true }));
    });
    await stage.until(() => removed !== undefined, 30_000);
    await stage.settle(removed!);
    await stage.clock.advance(1_000);
    expect(leecher.has('complete')).toBe(false);
    expect(await states(leecher)).toEqual([]);
  });

  test.each<[string, (torrent: TorrentHandle) => void]>([
    ['paused', (torrent) => torrent.pause()],
    ['verified', (torrent) => void torrent.verify()],
    ['given a limit', (torrent) => torrent.setLimits({ downBytesPerS: 1_000 })],
  ])('and forgotten right after it was %s does not come back', async (_what, act) => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    act(stage.torrent(leecher));
    await stage.settle(leecher.engine.remove(infoHash, { forget: true }));
    await stage.clock.advance(60_000);
    expect(await states(leecher)).toEqual([]);
  });

  test('and forgotten leaves no state though its tracker is dead', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.tracker.isDead = true;
    const { infoHash } = stage.torrent(leecher);
    await stage.settle(leecher.engine.remove(infoHash, { forget: true }));
    await stage.clock.advance(60_000);
    expect(await states(leecher)).toEqual([]);
  });

  test('while its tracker is dead can be added again at once', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.tracker.isDead = true;
    const { infoHash } = stage.torrent(leecher);
    await stage.settle(leecher.engine.remove(infoHash));
    const have = leecher.eventsOf('piece').length;
    await stage.add(leecher);
    await stage.clock.advance(60_000);
    expect(leecher.eventsOf('checked').at(-1)!.goodPieces).toBe(have);
    expect(await states(leecher)).toContain(`${infoHash}.lock`);
  });

  test('with its files and added in the same breath is fetched anew, and locked', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    const removed = leecher.engine.remove(infoHash, { forget: true, eraseData: true });
    await stage.settle(Promise.all([removed, stage.add(leecher)]));
    expect(await states(leecher)).toContain(`${infoHash}.lock`);
    await stage.untilComplete([leecher], 30_000);
    expect(await stage.isExact(leecher)).toBe(true);
    expect(await states(leecher)).toContain(`${infoHash}.resume`);
    const order = ['torrent-added', 'torrent-removed', 'torrent-added'];
    const told = leecher.events.flatMap(({ type }) => (order.includes(type) ? [type] : []));
    expect(told).toEqual(order);
    const announced = stage.tracker.announces.flatMap(({ from, request }) =>
      from === leecher.host.ip ? [request.event] : [],
    );
    expect(announced).toEqual(['started', 'stopped', 'started', 'completed']);
  });

  test('with its files leaves none, long before a dead tracker is given up', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.tracker.isDead = true;
    const { infoHash } = stage.torrent(leecher);
    const { outputFolder } = stage.torrent(leecher).getDetail();
    const removed = leecher.engine.remove(infoHash, { forget: true, eraseData: true });
    await stage.clock.advance(1_000);
    expect(await readdir(outputFolder)).toEqual([]);
    await stage.settle(removed);
  });

  test('twice is removed once, and both hear when', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const { infoHash } = stage.torrent(leecher);
    const first = leecher.engine.remove(infoHash, { forget: true });
    await stage.settle(leecher.engine.remove(infoHash));
    expect(leecher.eventsOf('torrent-removed')).toHaveLength(1);
    await stage.settle(first);
  });

  test('while it is being added is gone with its lock', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(1);
    const added = stage.add(node);
    const { infoHash } = stage.torrent(node);
    await stage.settle(node.engine.remove(infoHash, { forget: true }));
    await stage.settle(added);
    expect(await states(node)).toEqual([]);
    expect(node.engine.getSnapshot().torrents).toEqual([]);
  });

  test('while it is verified is read no further', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.seed(1);
    const torrent = stage.torrent(node);
    const verified = torrent.verify();
    await stage.settle(node.engine.remove(torrent.infoHash));
    await stage.settle(verified);
    await stage.clock.advance(1_000);
    expect(node.eventsOf('checked')).toHaveLength(1);
    expect(await openFilesBelow(node.dataFolder)).toEqual([]);
  });

  test('right after it was added to be checked is read no further', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(1);
    await stage.sample.writeTo(node.dataFolder);
    const { infoHash } = await stage.add(node);
    await stage.settle(node.engine.remove(infoHash));
    await stage.clock.advance(1_000);
    expect(node.has('checked')).toBe(false);
    expect(await openFilesBelow(node.dataFolder)).toEqual([]);
  });

  test('is nothing to its peers any more', async () => {
    const { stage, seeder, leecher } = await openHalfWay();
    await using _ = stage;
    await stage.settle(seeder.engine.remove(stage.torrent(seeder).infoHash));
    await stage.clock.advance(60_000);
    expect(stage.torrent(leecher).getSummary().peerCount).toBe(0);
    expect(leecher.has('complete')).toBe(false);
  });

  test('is unknown to an engine that never had it', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(1);
    await node.engine.remove('0'.repeat(40));
    expect(node.events).toEqual([]);
  });
});
