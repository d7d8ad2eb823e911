import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Info } from '@shoal/metainfo';
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

/** Lets time pass while the server answers. */
async function complete(stage: LeecherStage): Promise<void> {
  const pass = async () => {
    await stage.clock.advance(1_000);
    return stage.isComplete;
  };
  await expect.poll(pass, { interval: 1, timeout: 10_000 }).toBe(true);
}

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
