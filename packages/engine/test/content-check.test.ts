import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HandlePool, nodeFileSystem } from '@shoal/chunk-store';
import { ManualClock, seededRandom, temporaryFolder } from '@shoal/testkit';
import type { PieceIndex } from '@shoal/units';
import { expect, test } from 'vitest';
import { Content } from '../src/content.ts';
import { ContentCheck } from '../src/content-check.ts';
import type { ResumeState } from '../src/state/resume.ts';
import { TorrentDisk } from '../src/state/torrent-disk.ts';
import { RateLimiter } from '../src/transfer/rate-limiter.ts';
import { RateMeter } from '../src/transfer/rate-meter.ts';
import { Turns } from '../src/turns.ts';
import { deafContentListener } from './deaf-content-listener.ts';
import { makeSample } from './sample-torrent.ts';

const PIECE_COUNT = 24;
const PIECE_LENGTH = 16_384;
/** Each piece is a file of its own: no later piece changes its mark. */
const files = Array.from({ length: PIECE_COUNT }, (_, n) => ({
  path: `${n}`,
  length: PIECE_LENGTH,
}));
const sample = makeSample({ files, pieceLength: PIECE_LENGTH });
const { info } = sample.metainfo;

/** The torrent as one run of the program sees it. */
function openRun(outputFolder: string, claim?: ResumeState) {
  const handles = new HandlePool(nodeFileSystem, 64);
  const disk = new TorrentDisk({ info, kind: 'files', outputFolder, handles });
  const ignore = (): void => {};
  const flow = () => ({
    limiter: new RateLimiter({ bytesPerS: undefined }),
    meter: new RateMeter(0),
  });
  const content = new Content({
    info,
    store: disk.store,
    clock: new ManualClock(),
    random: seededRandom(1),
    down: flow(),
    up: flow(),
    rechecks: new Turns(),
    listener: deafContentListener,
    webSeeds: [],
    userAgent: 'test',
    resolve: async () => [],
    peers: () => [],
    nameOf: () => undefined,
  });
  const options = {
    content,
    disk,
    claim,
    trustComplete: false,
    handleProgress: ignore,
    handleStoreFault: ignore,
  };
  return { content, check: new ContentCheck(options) };
}

/** Its files lie there, and were found to be good. */
async function openChecked(outputFolder: string) {
  await sample.writeTo(outputFolder);
  const run = openRun(outputFolder);
  await run.check.run();
  expect(run.content.tracker.have.count).toBe(PIECE_COUNT);
  return run;
}

test('what is changed after it was hashed is not read, however soon', async () => {
  await using folder = await temporaryFolder();
  const { content } = await openChecked(folder.path);
  const bytes = new Uint8Array(PIECE_LENGTH);
  await writeFile(path.join(folder.path, info.name, '3'), bytes);
  await expect(content.seal.read(3 as PieceIndex, 0, 1, bytes)).rejects.toMatchObject({
    code: 'missing',
  });
  expect(await content.seal.read(4 as PieceIndex, 0, PIECE_LENGTH, bytes)).toEqual(
    sample.bytes.subarray(4 * PIECE_LENGTH, 5 * PIECE_LENGTH),
  );
  await content.store.close();
});

test('what is changed while nobody asks for it is hashed by the next run', async () => {
  await using folder = await temporaryFolder();
  const before = await openChecked(folder.path);
  await writeFile(path.join(folder.path, info.name, '3'), new Uint8Array(PIECE_LENGTH));
  const after = openRun(folder.path, (await before.check.claimable()) as ResumeState);
  await after.check.run();
  expect([...after.content.tracker.have.indexes()]).not.toContain(3);
  expect(after.content.tracker.have.count).toBe(PIECE_COUNT - 1);
  await before.content.store.close();
  await after.content.store.close();
});

test('a piece that is stored while a state is composed is found again', async () => {
  const folder = await temporaryFolder();
  try {
    const before = openRun(folder.path);
    await before.check.run();
    before.content.seal.open();
    let claims: Pick<ResumeState, 'pieces' | 'marks'> = { pieces: undefined, marks: [] };
    for (let index = 0; index < PIECE_COUNT; index++) {
      const at = index * PIECE_LENGTH;
      const claiming = before.check.claimable();
      await before.content.store.put(index, sample.bytes.subarray(at, at + PIECE_LENGTH));
      before.content.tracker.verified(index as PieceIndex);
      claims = await claiming;
    }
    const after = openRun(folder.path, claims as ResumeState);
    await after.check.run();
    expect(after.content.tracker.have.count).toBe(PIECE_COUNT);
    await before.content.store.close();
    await after.content.store.close();
  } finally {
    await folder.remove();
  }
});

test('what is gone before a check that was cut off is done again is not had', async () => {
  await using folder = await temporaryFolder();
  const { content, check } = await openChecked(folder.path);
  const cutOff = check.runAll();
  await check.abort();
  expect(await cutOff).toBeUndefined();
  expect(content.tracker.have.has(3)).toBe(true);
  await rm(path.join(folder.path, info.name, '3'));
  await check.run();
  expect(content.tracker.have.has(3)).toBe(false);
  expect(content.tracker.have.count).toBe(PIECE_COUNT - 1);
  await content.store.close();
});
