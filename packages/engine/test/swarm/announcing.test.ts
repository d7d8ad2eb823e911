import { expect, test } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

const SILENT = 'http://silent.test:8080/announce?passkey=secret';

test('a torrent says that no tracker answers, also while it asks again', async () => {
  await using stage = await SwarmStage.open();
  stage.tracker.isDead = true;
  const seeder = await stage.start(1);
  await stage.sample.writeTo(seeder.dataFolder);
  const torrent = await stage.add(seeder);
  expect(torrent.getSummary().trackerTrouble).toBeUndefined();
  await stage.until(() => seeder.eventsOf('tracker').length === 1, 40_000);
  for (let second = 0; second < 60; second++) {
    expect(torrent.getSummary().trackerTrouble).toBe('no-answer');
    await stage.clock.advance(1_000);
  }
  torrent.pause();
  expect(torrent.getSummary().trackerTrouble).toBeUndefined();
  stage.tracker.isDead = false;
  torrent.resume();
  await stage.until(() => seeder.eventsOf('tracker').some(({ ok }) => ok), 40_000);
  expect(torrent.getSummary().trackerTrouble).toBeUndefined();
});

test('a tracker that refuses has answered', async () => {
  await using stage = await SwarmStage.open();
  stage.tracker.refusal = 'this torrent is not tracked here';
  const node = await stage.leech(1);
  const torrent = stage.torrent(node);
  await stage.until(() => node.eventsOf('tracker').length === 1, 5_000);
  expect(torrent.getSummary().trackerTrouble).toBe('refusal');
  expect(torrent.getDetail().trackers[0]).toMatchObject({
    lastOutcome: 'refused',
    message: 'this torrent is not tracked here',
  });
});

test('the log says which tracker it was, and no more of its URL', async () => {
  await using stage = await SwarmStage.open();
  stage.tracker.isDead = true;
  const node = await stage.leech(1, { trackers: [SILENT] });
  await stage.until(() => node.eventsOf('tracker').length === 2, 80_000);
  const lines = stage
    .torrent(node)
    .getDetail()
    .log.map(({ text }) => text);
  expect(lines).toContain('tracker tracker.test: the tracker did not answer');
  expect(lines).toContain('tracker silent.test:8080: the tracker did not answer');
});
