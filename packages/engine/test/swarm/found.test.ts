/** What follows from what a check finds, and from what it finds no more. */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatMagnet } from '@shoal/metainfo';
import { expect, test } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

test('whoever adds a magnet with its files on disk feeds the leecher that the metadata came from', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const leecher = await stage.leech(1);
  const owner = await stage.start(2);
  await stage.sample.writeTo(owner.dataFolder);
  const { infoHash } = stage.sample.metainfo.info;
  const magnet = formatMagnet({ infoHash, trackers: [], webSeeds: [], peers: [leecher.address] });
  await stage.add(owner, { source: { magnet } });
  await stage.untilComplete([owner, leecher], 30_000);
  expect(await stage.isExact(leecher)).toBe(true);
});

test('files that come back feed who connected while they were away, once they are verified', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const seeder = await stage.seed(1);
  const folder = path.join(seeder.dataFolder, 'sample');
  await rename(folder, `${folder}.away`);
  await stage.settle(stage.torrent(seeder).verify());
  const leecher = await stage.leech(2);
  stage.torrent(leecher).addPeer(seeder.address);
  await stage.until(() => leecher.has('peer-joined'), 5_000);
  await stage.clock.advance(5_000);
  expect(stage.torrent(leecher).getSummary().havePieceCount).toBe(0);
  await rename(`${folder}.away`, folder);
  await stage.settle(stage.torrent(seeder).verify());
  await stage.untilComplete([leecher], 30_000);
});

test('a file that goes while its verification is interrupted is fetched again', async () => {
  await using stage = await SwarmStage.open({
    files: [
      { path: 'a.bin', length: 512 * 1024 },
      { path: 'b.bin', length: 512 * 1024 },
    ],
  });
  const node = await stage.seed(1);
  const torrent = stage.torrent(node);
  const verified = torrent.verify();
  torrent.pause();
  await stage.settle(verified);
  await rm(path.join(node.dataFolder, 'sample', 'b.bin'));
  torrent.resume();
  await stage.until(() => node.eventsOf('checked').length === 2, 5_000);
  expect(torrent.getSummary()).toMatchObject({ status: 'downloading', havePieceCount: 16 });
  await stage.seed(2);
  await stage.until(() => torrent.getSummary().status === 'seeding', 30_000);
  expect(await stage.isExact(node)).toBe(true);
});
