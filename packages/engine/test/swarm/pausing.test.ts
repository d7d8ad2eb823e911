import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHalfWay } from './half-way.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

const status = (stage: SwarmStage, node: Node): string | undefined =>
  stage.torrent(node)?.getSummary().status;

describe('a torrent that is paused', () => {
  test('says goodbye, lets nothing in, and goes on where it was', async () => {
    const { stage, seeder, leecher } = await openHalfWay();
    await using _ = stage;
    const torrent = stage.torrent(leecher);
    torrent.pause();
    await stage.clock.advance(1_000);
    expect(status(stage, leecher)).toBe('paused');
    expect(stage.tracker.lastOf(leecher.host)?.event).toBe('stopped');
    expect(stage.torrent(seeder).getSummary().peerCount).toBe(0);
    const { downloaded, havePieceCount } = torrent.getSummary();
    await stage.clock.advance(60_000);
    expect(torrent.getSummary()).toMatchObject({ downloaded, havePieceCount, peerCount: 0 });
    torrent.resume();
    await stage.untilComplete([leecher], 30_000);
    expect(await stage.isExact(leecher)).toBe(true);
    // What was there already did not come a second time, but for blocks that were on their way.
    expect(torrent.getSummary().downloaded).toBeLessThan(1_024 * KIB + 8 * 32 * KIB);
  });

  test('is with its peers again within a second of each time it is resumed', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const torrent = stage.torrent(leecher);
    for (let n = 0; n < 12; n++) {
      torrent.pause();
      await stage.clock.advance(1_000);
      expect(torrent.getSummary().peerCount).toBe(0);
      torrent.resume();
      await stage.until(() => torrent.getSummary().peerCount === 1, 1_000);
    }
  });

  test('and resumed in the same breath goes on', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.torrent(leecher).pause();
    stage.torrent(leecher).resume();
    await stage.untilComplete([leecher], 60_000);
  });

  test('while it dials reaches the same peer once it is resumed', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { address } = await stage.fake(1);
    const leecher = await stage.leech(2, { peers: [address] });
    stage.torrent(leecher).pause();
    await stage.clock.advance(1_000);
    stage.torrent(leecher).resume();
    await stage.untilComplete([leecher], 60_000);
  });

  test('from the start fetches nothing until it is resumed', async () => {
    await using stage = await SwarmStage.open();
    const seeder = await stage.seed(1);
    const leecher = await stage.leech(2, { paused: true });
    await stage.clock.advance(10_000);
    expect(status(stage, leecher)).toBe('paused');
    expect(stage.torrent(seeder).getSummary().peerCount).toBe(0);
    stage.torrent(leecher).resume();
    await stage.untilComplete([leecher], 10_000);
  });

  test('while it is checked is checked from the start once it is resumed', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(1);
    await stage.sample.writeTo(node.dataFolder);
    const torrent = await stage.add(node);
    torrent.pause();
    await stage.clock.advance(1_000);
    expect(status(stage, node)).toBe('paused');
    torrent.resume();
    await stage.untilComplete([node], 5_000);
    expect(torrent.getSummary().havePieceCount).toBe(32);
  });

  test('right after it was resumed stays paused', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.torrent(leecher).pause();
    await stage.clock.advance(1_000);
    stage.torrent(leecher).resume();
    stage.torrent(leecher).pause();
    await stage.clock.advance(10_000);
    expect(stage.torrent(leecher).getSummary()).toMatchObject({ status: 'paused', peerCount: 0 });
  });

  test('or closed while a person waits for a peer tells so', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    const silent = stage.network.host('10.0.2.1');
    await silent.listen(6881, undefined, () => {});
    const torrent = stage.torrent(leecher);
    const reason = { code: 'peer-refused', message: expect.stringContaining('does not run') };
    let dialled = torrent.byHand.connectPeer(silent.address(6881));
    torrent.pause();
    await expect(dialled).rejects.toMatchObject(reason);
    dialled = torrent.byHand.connectPeer(silent.address(6881));
    void leecher.engine.close();
    await expect(dialled).rejects.toMatchObject(reason);
  });

  test('is paused again when it was verified', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.torrent(leecher).pause();
    await stage.clock.advance(1_000);
    await stage.settle(stage.torrent(leecher).verify());
    await stage.clock.advance(1_000);
    expect(leecher.eventsOf('checked')).toHaveLength(2);
    expect(status(stage, leecher)).toBe('paused');
  });

  test('right after it was asked to be verified stays paused, and is verified once it is resumed', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.seed(1);
    const torrent = stage.torrent(node);
    const verified = torrent.verify();
    torrent.pause();
    await stage.settle(verified);
    await stage.clock.advance(10_000);
    expect(torrent.getSummary()).toMatchObject({ status: 'paused', havePieceCount: 32 });
    expect(node.eventsOf('checked')).toHaveLength(1);
    torrent.resume();
    await stage.until(() => node.eventsOf('checked').length === 2, 5_000);
    await stage.until(() => status(stage, node) === 'seeding', 5_000);
  });

  test('in the same breath as it was resumed from a check is paused', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.seed(1);
    const torrent = stage.torrent(node);
    void torrent.verify();
    torrent.pause();
    torrent.resume();
    void torrent.verify();
    torrent.pause();
    await stage.clock.advance(10_000);
    expect(status(stage, node)).toBe('paused');
  });

  test('is verified by what lies on disk now, not by a file that is still open', async () => {
    await using stage = await SwarmStage.open();
    const seeder = await stage.seed(1);
    const leecher = await stage.leech(2);
    await stage.untilComplete([leecher], 10_000);
    await rm(path.join(seeder.dataFolder, 'sample'), { recursive: true });
    await stage.settle(stage.torrent(seeder).verify());
    expect(seeder.eventsOf('checked').at(-1)).toMatchObject({ goodPieces: 0 });
  });

  test('when it is complete announces no second completion once it is resumed', async () => {
    await using stage = await SwarmStage.open();
    await stage.seed(1);
    const leecher = await stage.leech(2);
    await stage.untilComplete([leecher], 10_000);
    await stage.clock.advance(1_000);
    stage.torrent(leecher).pause();
    await stage.clock.advance(1_000);
    stage.torrent(leecher).resume();
    await stage.clock.advance(5_000);
    const said = stage.tracker.announces.flatMap(({ from, request }) =>
      from === leecher.host.ip ? (request.event ?? []) : [],
    );
    expect(said).toEqual(['started', 'completed', 'stopped', 'started']);
  });
});

describe('an engine', () => {
  test('keeps nothing of a torrent that it could not add', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(1);
    await expect(stage.add(node, { selectedFiles: [9] })).rejects.toMatchObject({
      code: 'bad-selection',
    });
    expect(await readdir(path.join(node.stateFolder, 'torrents'))).toEqual([]);
    await stage.add(node, { selectedFiles: [0] });
  });

  test('leaves alone a torrent that another process has', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(1);
    const infoHash = Buffer.from(stage.sample.metainfo.info.infoHash).toString('hex');
    const lock = path.join(node.stateFolder, 'torrents', `${infoHash}.lock`);
    await mkdir(lock);
    await writeFile(path.join(lock, 'owner'), `${process.ppid} `);
    await writeFile(path.join(node.stateFolder, 'torrents', `${infoHash}.resume`), 'a state');
    await expect(stage.add(node)).rejects.toMatchObject({ code: 'state-locked' });
    expect(await stage.settle(node.engine.restore(node.dataFolder))).toEqual([]);
    expect(node.eventsOf('torrent-in-use')).toMatchObject([{ infoHash, name: infoHash }]);
    expect(node.engine.getSnapshot().torrents).toEqual([]);
    expect(await readFile(path.join(lock, 'owner'), 'utf8')).toBe(`${process.ppid} `);
  });

  test('refuses a torrent it has', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.seed(1);
    await expect(stage.add(node)).rejects.toMatchObject({ code: 'duplicate' });
  });

  test('closed, leaves no timer and no stream, and takes no torrent', async () => {
    const { stage, seeder, leecher } = await openHalfWay();
    await using _ = stage;
    await stage.stop(leecher.engine);
    await stage.stop(seeder.engine);
    await stage.clock.advance(100);
    expect(stage.network.openStreamCount).toBe(0);
    expect(stage.clock.pendingTimerCount).toBe(0);
    await expect(stage.add(leecher)).rejects.toMatchObject({ code: 'closed' });
  });

  test('closes within four seconds though its tracker is dead', async () => {
    const { stage, leecher } = await openHalfWay();
    await using _ = stage;
    stage.tracker.isDead = true;
    await stage.settle(leecher.engine.close(), 4_000);
  });
});
