import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Info } from '@shoal/metainfo';
import type { PieceIndex } from '@shoal/units';
import { expect, onTestFinished, test } from 'vitest';
import { WebSeeds } from '../../src/sources/web-seed/web-seeds.ts';
import { type LeecherOptions, type LeecherStage, makeStage } from '../transfer/leecher-stage.ts';

const ACTIVE_LIMIT = 64 << 20;

/** A web seed beside the peers of a stage. */
interface Seeded {
  readonly stage: LeecherStage;
  /** What was said of its failures. */
  readonly troubles: string[];
  /** Ends of answers that are under way. */
  readonly answers: Set<http.ServerResponse>;
}

/** @param sent - bytes of each answer that come at once; the others come later if it `goesOn`, else never */
async function makeSeeded(
  sent: number,
  { goesOn = false, ...options }: LeecherOptions & { goesOn?: boolean } = {},
): Promise<Seeded> {
  const stage = await makeStage(options);
  const { layout, content, tracker, downloader, limiter, clock } = stage;
  const answers: Seeded['answers'] = new Set();
  const server = http.createServer(({ headers }, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range!)!.map(Number);
    const range = `bytes ${first}-${last}/${content.length}`;
    response.writeHead(206, { 'content-range': range, 'content-length': last! - first! + 1 });
    answers.add(response);
    response.on('close', () => answers.delete(response));
    const bytes = content.slice(first!, last! + 1);
    response.write(bytes.slice(0, sent));
    if (goesOn) clock.after(100, () => response.end(bytes.slice(sent)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const troubles: string[] = [];
  const { totalLength: length } = layout;
  const file = { path: 'a', rawPath: 'a', length, offset: 0, isPad: false };
  const seeds = new WebSeeds([`http://127.0.0.1:${(server.address() as AddressInfo).port}/`], {
    info: { layout, files: [file], isMultiFile: false, rawName: 'a' } as unknown as Info,
    tracker,
    downloader,
    limiter,
    activeLimit: ACTIVE_LIMIT,
    clock,
    userAgent: 'test',
    resolve: async () => [],
    handleTrouble: (message) => troubles.push(message),
    handleGivenUp: () => {
      downloader.refillAll();
      seeds.tick(clock.nowMs());
    },
  });
  clock.every(1_000, () => seeds.tick(clock.nowMs()));
  onTestFinished(() => {
    seeds.stop();
    server.closeAllConnections();
    server.close();
  });
  return { stage, troubles, answers };
}

function isWritten({ tracker }: LeecherStage, piece: number, block: number): boolean {
  return tracker.active.get(piece as PieceIndex)?.isWritten(block) ?? false;
}

/** Lets time pass while the server answers. */
async function complete(stage: LeecherStage): Promise<void> {
  const pass = async () => {
    await stage.clock.advance(1_000);
    return stage.isComplete;
  };
  await expect.poll(pass, { interval: 1, timeout: 10_000 }).toBe(true);
}

test('one that drips the last block leaves it to a peer that sends', async () => {
  const { stage, troubles, answers } = await makeSeeded(20_000, { pieceCount: 2 });
  await stage.clock.advance(1_000);
  await expect.poll(() => isWritten(stage, 0, 1) || isWritten(stage, 1, 1)).toBe(true);
  await stage.meet(1);
  await stage.clock.advance(3_000);
  expect(stage.good).toHaveLength(1);
  await stage.clock.advance(3_000);
  expect(stage.isComplete).toBe(true);
  expect(stage.bad).toEqual([]);
  await expect.poll(() => answers.size).toBe(0);
  await expect.poll(() => troubles).toHaveLength(1);
  expect(troubles[0]).toContain('it drips');
});

test('one that is slow and alone is given up after a minute, and asked again later', async () => {
  const { stage, troubles, answers } = await makeSeeded(20_000, { pieceCount: 1 });
  await stage.clock.advance(1_000);
  await expect.poll(() => isWritten(stage, 0, 1)).toBe(true);
  await stage.clock.advance(58_000);
  expect(answers.size).toBe(1);
  await stage.clock.advance(3_000);
  await expect.poll(() => troubles).toHaveLength(1);
  expect(answers.size).toBe(0);
  await stage.clock.advance(16_000);
  await expect.poll(() => answers.size).toBe(1);
});

test('one that a limit holds back for more than a minute is not slow', async () => {
  const { stage, troubles } = await makeSeeded(8_000, {
    goesOn: true,
    pieceCount: 1,
    downBytesPerS: 100,
  });
  await stage.clock.advance(1_000);
  await complete(stage);
  expect(stage.clock.nowMs()).toBeGreaterThan(300_000);
  expect(troubles).toEqual([]);
});

test('one that drips what has come from peers is hung up on when all is here', async () => {
  const { stage, answers } = await makeSeeded(0, { pieceCount: 2 });
  await stage.clock.advance(1_000);
  await expect.poll(() => answers.size).toBe(1);
  await stage.meet(1);
  await stage.clock.advance(1_500);
  expect(stage.isComplete).toBe(true);
  stage.downloader.disable();
  await stage.clock.advance(1_000);
  await expect.poll(() => answers.size).toBe(0);
});

test('what a peer began before it left comes from a web seed', async () => {
  const { stage } = await makeSeeded(20_000, { goesOn: true, pieceCount: 1 });
  let left = 2;
  const { theirs } = await stage.meet(1, {
    conduct: (_asked, truth) => (left-- > 0 ? truth : undefined),
  });
  await stage.clock.advance(500);
  expect(stage.tracker.active.size).toBe(1);
  theirs.close();
  await complete(stage);
});
