import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatMagnet } from '@shoal/metainfo';
import { formatPeerAddress } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { encodeResume } from '../../src/state/resume.ts';
import { EMPTY_STATE } from '../state/empty-state.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
const PIECE_LENGTH = 32 * KIB;

/** Three files: pieces 0-11, 11-23 and 24-31. */
const FILES = [
  { path: 'a.bin', length: 370 * KIB },
  { path: 'b.bin', length: 398 * KIB },
  { path: 'c.bin', length: 256 * KIB },
];

/** A leecher that has twelve pieces or a few more and was stopped, while its seeder goes on. */
async function openHalfWay(): Promise<{ stage: SwarmStage; have: number }> {
  const stage = await SwarmStage.open({ files: FILES });
  await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  const leecher = await stage.leech(2);
  await stage.until(() => leecher.eventsOf('piece').length >= 12, 10_000);
  await stage.stop(leecher.engine);
  return { stage, have: leecher.eventsOf('piece').length };
}

/** A node that has all, and was stopped. */
async function openWhole(): Promise<SwarmStage> {
  const stage = await SwarmStage.open({ files: FILES });
  const node = await stage.seed(2);
  await stage.stop(node.engine);
  return stage;
}

const fileOf = (stage: SwarmStage, n: number, name: string): string =>
  path.join(stage.folder, `node-${n}`, 'data', 'sample', name);
const stateOf = (stage: SwarmStage, n: number, ending = 'resume'): string => {
  const infoHash = Buffer.from(stage.sample.metainfo.info.infoHash).toString('hex');
  return path.join(stage.folder, `node-${n}`, 'state', 'torrents', `${infoHash}.${ending}`);
};

/** Changes one byte of a file, and its time unless it is to be kept. */
async function spoil(file: string, at: number, keepsTime = false): Promise<void> {
  const { atimeMs, mtimeMs } = await stat(file);
  const bytes = await readFile(file);
  bytes[at]! ^= 255;
  await writeFile(file, bytes);
  await utimes(file, atimeMs / 1_000, mtimeMs / 1_000 + (keepsTime ? 0 : 10));
}

/** Starts again on the files and states of node 2. @returns it, and how many pieces it found good */
async function restart(stage: SwarmStage): Promise<{ node: Node; good: number }> {
  const node = await stage.start(2);
  await stage.add(node);
  await stage.until(() => node.has('checked'), 5_000);
  return { node, good: node.eventsOf('checked')[0]!.goodPieces };
}

/** Pauses node 2, or what is left of it, and starts its engine again. @returns it, a while later */
async function restartPaused(stage: SwarmStage, options: { paused?: boolean } = {}): Promise<Node> {
  const node = await stage.start(2);
  await stage.add(node, options);
  await stage.clock.advance(3_000);
  return node;
}

describe('a torrent that is paused when its engine starts again', () => {
  test('shows what it had, and neither checks nor announces', async () => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    const announceCount = stage.tracker.announces.length;
    const node = await restartPaused(stage, { paused: true });
    const { pieces, files, ...summary } = stage.torrent(node).getDetail();
    expect(summary).toMatchObject({ status: 'paused', havePieceCount: have, isUnchecked: false });
    expect(summary.haveLength).toBe(have * PIECE_LENGTH);
    expect(pieces.count).toBe(have);
    expect(files.reduce((sum, { haveLength }) => sum + haveLength, 0)).toBe(summary.haveLength);
    expect(node.has('checked')).toBe(false);
    expect(stage.tracker.announces).toHaveLength(announceCount);
    // Also when nothing but the state is left of that run.
    await stage.stop(node.engine);
    const again = await restartPaused(stage);
    expect(stage.torrent(again).getSummary()).toMatchObject({ havePieceCount: have });
    stage.torrent(again).resume();
    await stage.untilComplete([again], 20_000);
    expect(await stage.isExact(again)).toBe(true);
  });

  test('shows all of what was complete', async () => {
    await using stage = await openWhole();
    const node = await restartPaused(stage, { paused: true });
    const { haveLength, wantedLength, status } = stage.torrent(node).getSummary();
    expect({ haveLength, status }).toEqual({ haveLength: wantedLength, status: 'paused' });
  });

  test('shows nothing of files that are gone once it goes on', async () => {
    await using stage = await openWhole();
    const node = await restartPaused(stage, { paused: true });
    await rm(fileOf(stage, 2, 'a.bin'));
    stage.torrent(node).resume();
    await stage.until(() => node.has('checked'), 5_000);
    expect(stage.torrent(node).getSummary().havePieceCount).toBe(20);
  });

  test('says that nobody knows what is here when it was never checked', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    const node = await stage.start(2);
    await stage.sample.writeTo(node.dataFolder);
    const torrent = await stage.add(node, { paused: true });
    expect(torrent.getSummary()).toMatchObject({ isUnchecked: true, havePieceCount: 0 });
    await stage.settle(torrent.verify());
    await stage.clock.advance(1_000);
    const checked = { status: 'paused', isUnchecked: false, havePieceCount: 32 };
    expect(torrent.getSummary()).toMatchObject(checked);
    await stage.stop(node.engine);
    const again = await restartPaused(stage);
    expect(stage.torrent(again).getSummary()).toMatchObject(checked);
  });
});

describe('an engine that was stopped in the middle and started again', () => {
  test('fetches only what it did not have', async () => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    const { node, good } = await restart(stage);
    expect(good).toBe(have);
    const before = stage.torrent(node).getSummary().downloaded;
    await stage.untilComplete([node], 20_000);
    expect(await stage.isExact(node)).toBe(true);
    const missing = (32 - have) * PIECE_LENGTH;
    expect(stage.torrent(node).getSummary().downloaded - before).toBe(missing);
  });

  test('finds its peers again without a tracker', async () => {
    const { stage } = await openHalfWay();
    await using _ = stage;
    stage.tracker.isDead = true;
    const { node } = await restart(stage);
    await stage.untilComplete([node], 20_000);
  });

  test('knows who named each of them, and keeps on those that were named by hand', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    const byTracker = await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
    const leecher = await stage.leech(2);
    const byHand = { host: '10.0.0.9', port: 6881, family: 4 } as const;
    stage.torrent(leecher).addPeer(byHand);
    await stage.until(() => leecher.eventsOf('piece').length >= 1, 10_000);
    await stage.stop(leecher.engine);
    await stage.stop(byTracker.engine);
    stage.tracker.isDead = true;
    const { node } = await restart(stage);
    const sources = stage
      .torrent(node)
      .byHand.knownPeers()
      .map(({ address, source }) => [address, source]);
    expect(Object.fromEntries(sources)).toEqual({
      [formatPeerAddress(byTracker.address)]: 'tracker',
      '10.0.0.9:6881': 'manual',
    });
  });

  test('counts on from what it had moved, and keeps what was set', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    await stage.seed(1);
    const leecher = await stage.leech(2, { selectedFiles: [0], sequential: true });
    await stage.untilComplete([leecher], 10_000);
    stage.torrent(leecher).setLimits({ upBytesPerS: 5_000, downBytesPerS: 7_000 });
    stage.torrent(leecher).setFilePriority(2, 'low');
    stage.torrent(leecher).setFilePriority(2, 'off');
    stage.torrent(leecher).setFilePriority(0, 'high');
    const { downloaded, uploaded, addedAtMs } = stage.torrent(leecher).getSummary();
    await stage.stop(leecher.engine);
    const { node } = await restart(stage);
    const detail = stage.torrent(node).getDetail();
    expect(detail).toMatchObject({
      downloaded,
      uploaded,
      addedAtMs,
      sequential: true,
      limits: { upBytesPerS: 5_000, downBytesPerS: 7_000 },
      status: 'seeding',
    });
    expect(detail.files.map(({ priority }) => priority)).toEqual(['high', 'off', 'off']);
  });

  test('still has the trackers that a person added, and announces to them', async () => {
    const byHand = 'http://by-hand.test/announce';
    await using stage = await SwarmStage.open();
    const first = await stage.leech(2);
    stage.torrent(first).addTracker(byHand);
    await stage.stop(first.engine);
    for (let run = 0; run < 2; run++) {
      const from = stage.tracker.announces.length;
      const { node } = await restart(stage);
      await stage.clock.advance(5_000);
      const asked = stage.tracker.announces.slice(from).map(({ url }) => url);
      expect(asked).toContain(byHand);
      const known = stage
        .torrent(node)
        .getDetail()
        .trackers.map(({ url }) => url);
      expect(known).toEqual(['http://tracker.test/announce', byHand]);
      await stage.stop(node.engine);
    }
  });

  test('stays paused, and has lost nothing by it', async () => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    const { node: second } = await restart(stage);
    stage.torrent(second).pause();
    await stage.clock.advance(1_000);
    await stage.stop(second.engine);
    const third = await stage.start(2);
    await stage.add(third);
    await stage.clock.advance(1_000);
    expect(stage.torrent(third).getSummary().status).toBe('paused');
    await stage.stop(third.engine);
    const fourth = await stage.start(2);
    // Whoever adds it may say otherwise.
    await stage.add(fourth, { paused: false });
    await stage.until(() => fourth.has('checked'), 5_000);
    expect(fourth.eventsOf('checked')[0]!.goodPieces).toBeGreaterThanOrEqual(have);
  });

  test('of a magnet needs no peer to tell it again what is in it', async () => {
    await using stage = await SwarmStage.open();
    const seeder = await stage.seed(1);
    const { info } = stage.sample.metainfo;
    const source = {
      magnet: formatMagnet({
        infoHash: info.infoHash,
        trackers: [],
        webSeeds: [],
        peers: [seeder.address],
      }),
    };
    const leecher = await stage.leech(2, { source });
    await stage.untilComplete([leecher], 10_000);
    await stage.stop(leecher.engine);
    await stage.stop(seeder.engine);
    const again = await stage.start(2);
    await stage.add(again, { source });
    await stage.untilComplete([again], 5_000);
    expect(stage.torrent(again).getSummary()).toMatchObject({ name: 'sample', havePieceCount: 32 });
  });
});

describe('after a power cut', () => {
  /** Starts node 3 on a copy of what node 2 has in its state folder. */
  async function startFromCopy(stage: SwarmStage): Promise<Node> {
    const after = await stage.start(3);
    await copyFile(stateOf(stage, 2), stateOf(stage, 3));
    await stage.settle(after.engine.restore(after.dataFolder));
    return after;
  }

  const magnetOf = (stage: SwarmStage): string => {
    const { infoHash } = stage.sample.metainfo.info;
    return formatMagnet({ infoHash, trackers: [], webSeeds: [], peers: [] });
  };

  test('a magnet that was added a moment before is there', async () => {
    await using stage = await SwarmStage.open();
    await stage.leech(2, { source: { magnet: magnetOf(stage) } });
    const after = await startFromCopy(stage);
    expect(stage.torrent(after).getSummary().status).toBe('metadata');
  });

  test('a magnet whose metadata had not come fetches only the files that were asked for', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    const seeder = await stage.seed(1);
    await stage.leech(2, { source: { magnet: magnetOf(stage) }, selectedFiles: [1] });
    const after = await startFromCopy(stage);
    stage.torrent(after).addPeer(seeder.address);
    await stage.untilComplete([after], 10_000);
    const { files } = stage.torrent(after).getDetail();
    expect(files.map(({ priority }) => priority)).toEqual(['off', 'normal', 'off']);
  });

  test('what a person had set two seconds before is set', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    const leecher = await stage.leech(2);
    await stage.clock.advance(4_000);
    stage.torrent(leecher).setLimits({ downBytesPerS: 7_000 });
    stage.torrent(leecher).setFilePriority(2, 'low');
    stage.torrent(leecher).setSequential(true);
    await stage.clock.advance(2_000);
    const after = await startFromCopy(stage);
    await stage.until(() => after.has('checked'), 5_000);
    const detail = stage.torrent(after).getDetail();
    expect(detail).toMatchObject({ sequential: true, limits: { downBytesPerS: 7_000 } });
    expect(detail.files[2]!.priority).toBe('low');
  });
});

describe('what a person sets for all torrents', () => {
  test('is kept, but for what the next run is told otherwise', async () => {
    await using stage = await SwarmStage.open();
    const first = await stage.start(2);
    first.engine.setLimits({ downBytesPerS: 5_000 });
    first.engine.setLimits({ upBytesPerS: 3_000 });
    await stage.stop(first.engine);
    const second = await stage.start(2, { limits: { upBytesPerS: 9_000 } });
    expect(second.engine.getSnapshot().limits).toEqual({
      downBytesPerS: 5_000,
      upBytesPerS: 9_000,
    });
    await stage.stop(second.engine);
    const third = await stage.start(2);
    expect(third.engine.getSnapshot().limits).toEqual({ downBytesPerS: 5_000, upBytesPerS: 3_000 });
  });

  test('bans an address from every torrent, those added later and those of the next run too', async () => {
    await using stage = await SwarmStage.open();
    // Slow enough that they are connected for a while.
    const seeder = await stage.seed(1, {}, { upBytesPerS: 400 * 1024 });
    const { host } = seeder.address;
    const leecher = await stage.start(2);
    leecher.engine.banHost(host);
    await stage.add(leecher);
    await stage.clock.advance(3_000);
    expect(leecher.has('peer-joined')).toBe(false);
    await stage.stop(leecher.engine);
    const again = await stage.start(2);
    await stage.add(again);
    const { byHand } = stage.torrent(again);
    await expect(byHand.connectPeer(seeder.address)).rejects.toMatchObject({
      code: 'peer-banned',
      message: 'cannot connect to Peer[10.0.0.1:6881]: it is banned',
    });
    await expect(byHand.ping(seeder.address)).rejects.toMatchObject({ code: 'peer-banned' });
    await stage.clock.advance(3_000);
    expect(again.has('peer-joined')).toBe(false);
    expect(again.engine.unbanHost(host)).toBe(true);
    expect(again.engine.unbanHost(host)).toBe(false);
    await stage.settle(byHand.connectPeer(seeder.address));
    await stage.untilComplete([again], 10_000);
  });
});

test('a person who dials this peer itself is told so', async () => {
  await using stage = await SwarmStage.open();
  const node = await stage.leech(2);
  const dialled = stage.torrent(node).byHand.connectPeer(node.address);
  await expect(stage.settle(dialled)).rejects.toMatchObject({
    code: 'peer-refused',
    message: 'cannot connect to Peer[10.0.0.2:6881]: it is this peer itself',
  });
});

describe('when the state is', () => {
  test.each<[string, (stage: SwarmStage) => Promise<void>]>([
    [
      'gone',
      async (stage) => {
        await rm(stateOf(stage, 2));
        await rm(stateOf(stage, 2, 'resume.old'), { force: true });
      },
    ],
    [
      'empty',
      async (stage) => {
        await writeFile(stateOf(stage, 2), '');
        await rm(stateOf(stage, 2, 'resume.old'), { force: true });
      },
    ],
    [
      'cut off',
      async (stage) => {
        await truncate(stateOf(stage, 2), 100);
        await rm(stateOf(stage, 2, 'resume.old'), { force: true });
      },
    ],
    ['damaged', (stage) => writeFile(stateOf(stage, 2), 'd6:formati1e4:name')],
  ])('%s, what is on disk is hashed and nothing is lost', async (_name, damage) => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    await damage(stage);
    const { node, good } = await restart(stage);
    expect(good).toBe(have);
    await stage.untilComplete([node], 20_000);
    expect(await stage.isExact(node)).toBe(true);
  });
});

test('one state that cannot be used keeps no other torrent from starting', async () => {
  await using stage = await openWhole();
  const folder = path.dirname(stateOf(stage, 2));
  // Right by its hash, and no info dict that could be downloaded.
  const infoBytes = new TextEncoder().encode('d4:name1:xe');
  const infoHash = createHash('sha1').update(infoBytes).digest('hex');
  await writeFile(
    path.join(folder, `${infoHash}.resume`),
    encodeResume({ ...EMPTY_STATE, infoBytes }),
  );
  // Not to be read, and not to be locked.
  await mkdir(path.join(folder, `${'b'.repeat(40)}.resume`));
  await writeFile(path.join(folder, `${'c'.repeat(40)}.lock`), '');
  await writeFile(path.join(folder, `${'c'.repeat(40)}.resume`), encodeResume(EMPTY_STATE));
  const node = await stage.start(2);
  const restored = await stage.settle(node.engine.restore(node.dataFolder));
  const { infoHash: good } = stage.torrent(node);
  expect(restored.map((one) => one.infoHash).toSorted()).toEqual(
    [good, infoHash, 'b'.repeat(40)].toSorted(),
  );
  const damaged = node.eventsOf('state-damaged').map((event) => event.infoHash);
  expect(damaged.toSorted()).toEqual([infoHash, 'b'.repeat(40)].toSorted());
  expect(node.eventsOf('torrent-error')).toMatchObject([
    { infoHash: 'c'.repeat(40), code: 'state-unwritable' },
  ]);
});

/** Changes one byte of a file somewhere after that text. */
async function flip(file: string, text: string, after: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.indexOf(text) + text.length + after]! ^= 1;
  await writeFile(file, bytes);
}

describe('a state that can still be decoded though it was damaged', () => {
  /** Starts again and takes what is in the state folder. @returns it, and how many pieces it found good */
  async function restore(stage: SwarmStage): Promise<{ node: Node; good: number }> {
    const node = await stage.start(2);
    await stage.settle(node.engine.restore(node.dataFolder));
    await stage.until(() => node.has('checked'), 5_000);
    return { node, good: node.eventsOf('checked')[0]!.goodPieces };
  }

  test('is not believed when it claims pieces that are not there', async () => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    await flip(stateOf(stage, 2), '6:pieces4:', 3);
    await rm(stateOf(stage, 2, 'resume.old'), { force: true });
    const { node, good } = await restore(stage);
    expect(good).toBe(have);
    expect(node.eventsOf('state-damaged')).toHaveLength(1);
    await stage.untilComplete([node], 20_000);
    expect(await stage.isExact(node)).toBe(true);
  });

  test('gives way to its former copy when its metadata is of another torrent', async () => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    await flip(stateOf(stage, 2), '4:info', 60);
    const { node, good } = await restore(stage);
    expect(good).toBe(have);
    expect(node.eventsOf('state-damaged')).toHaveLength(1);
  });

  test('never makes a torrent go: it is a magnet again, and its data is checked', async () => {
    const { stage, have } = await openHalfWay();
    await using _ = stage;
    await flip(stateOf(stage, 2), '4:info', 60);
    await rm(stateOf(stage, 2, 'resume.old'), { force: true });
    const { node, good } = await restore(stage);
    expect(good).toBe(have);
    await stage.untilComplete([node], 20_000);
  });

  test('beyond reading leaves the infohash that its file is named by', async () => {
    const { stage } = await openHalfWay();
    await using _ = stage;
    await writeFile(stateOf(stage, 2), 'rubbish');
    await rm(stateOf(stage, 2, 'resume.old'), { force: true });
    const node = await stage.start(2);
    const [torrent] = await stage.settle(node.engine.restore(node.dataFolder));
    expect(torrent!.getSummary().status).toBe('metadata');
    expect(node.eventsOf('state-damaged')[0]!.message).toContain('is damaged');
  });
});

describe('when a file changed meanwhile', () => {
  test('only its pieces are hashed, and the bad one is fetched again', async () => {
    await using stage = await openWhole();
    await stage.seed(1);
    await spoil(fileOf(stage, 2, 'b.bin'), 100_000);
    // Unseen, because nothing but its bytes tells it: file c is not read.
    await spoil(fileOf(stage, 2, 'c.bin'), 5, true);
    const { node, good } = await restart(stage);
    expect(good).toBe(31);
    await stage.untilComplete([node], 5_000);
    const [a, b, c] = await Promise.all(
      FILES.map(({ path: name }) => readFile(fileOf(stage, 2, name))),
    );
    const { bytes } = stage.sample;
    expect(a!.equals(bytes.subarray(0, a!.length))).toBe(true);
    expect(b!.equals(bytes.subarray(a!.length, a!.length + b!.length))).toBe(true);
    expect(c!.equals(bytes.subarray(a!.length + b!.length))).toBe(false);
  });

  test('and is gone, it is fetched again', async () => {
    await using stage = await openWhole();
    await stage.seed(1);
    await rm(fileOf(stage, 2, 'c.bin'));
    const { node, good } = await restart(stage);
    expect(good).toBe(24);
    await stage.untilComplete([node], 5_000);
    expect(await stage.isExact(node)).toBe(true);
  });

  test('and was gone already when the engine stopped, it is fetched again', async () => {
    await using stage = await openWhole();
    const { node: second } = await restart(stage);
    await rm(fileOf(stage, 2, 'c.bin'));
    await stage.stop(second.engine);
    await stage.seed(1);
    const { node, good } = await restart(stage);
    expect(good).toBe(24);
    await stage.untilComplete([node], 5_000);
    expect(await stage.isExact(node)).toBe(true);
  });
});

describe('a check that was cut off', () => {
  test('is done again, and what it had not reached is not fetched', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    const first = await stage.start(2);
    await stage.sample.writeTo(first.dataFolder);
    const torrent = await stage.add(first);
    while (torrent.getSummary().status !== 'checking' || torrent.getSummary().havePieceCount === 0)
      await new Promise(setImmediate);
    await stage.stop(first.engine);
    expect(torrent.getSummary().havePieceCount).toBeLessThan(32);
    const { good } = await restart(stage);
    expect(good).toBe(32);
  });
});
