import { type Conduct, silent } from '@shoal/testkit';
import { BLOCK_LENGTH } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { blocks, type LeecherStage, type Met, makeStage } from './leecher-stage.ts';

const PIECE_LENGTH = 4 * BLOCK_LENGTH;
/** More than a peer may be idle, and a tick. */
const PATIENCE_MS = 7_000;

/** Answers so many requests, then none. */
function giving(count: number): Conduct {
  let left = count;
  return (_asked, truth) => (left-- > 0 ? truth : undefined);
}

/** Two pieces fill the memory, and each of two peers is the only one that has one of them. */
async function makeFull(counts: readonly [number, number]): Promise<[LeecherStage, Met[]]> {
  const stage = await makeStage({ pieceCount: 6, activeLimit: 2 * PIECE_LENGTH });
  const holders: Met[] = [];
  for (const [piece, count] of counts.entries())
    holders.push(await stage.meet(piece + 1, { pieces: [piece], conduct: giving(count) }));
  await stage.clock.advance(500);
  expect([...stage.tracker.active.values()].map(({ receivedCount }) => receivedCount)).toEqual(
    counts,
  );
  return [stage, holders];
}

describe('when begun pieces fill the memory', () => {
  test('and their peers left, the one with the least of it makes room for another', async () => {
    const [stage, holders] = await makeFull([2, 1]);
    for (const { theirs } of holders) theirs.close();
    await stage.meet(3, { pieces: [2, 3, 4, 5] });
    await stage.clock.advance(PATIENCE_MS);
    expect(stage.good.toSorted()).toEqual([2, 3, 4, 5]);
    expect([...stage.tracker.active.keys()]).toEqual([0]);
    expect(stage.downloader.wastedLength).toBe(BLOCK_LENGTH);
    const last = await stage.meet(4, { pieces: [0, 1] });
    await stage.clock.advanceUntil(() => stage.isComplete, 2_000);
    expect(blocks(last).filter((name) => name.startsWith('0'))).toHaveLength(2);
  });

  test('and their peers choke us, it is the same', async () => {
    const [stage, holders] = await makeFull([2, 1]);
    for (const { theirs } of holders) theirs.send({ type: 'choke' });
    await stage.meet(3, { pieces: [2, 3, 4, 5] });
    await stage.clock.advance(PATIENCE_MS);
    expect(stage.good.toSorted()).toEqual([2, 3, 4, 5]);
  });

  test('and their peers fell silent, it is the same once they are snubbed', async () => {
    const [stage, holders] = await makeFull([2, 1]);
    for (const { theirs } of holders)
      stage.clock.every(30_000, () => theirs.sendBytes(new Uint8Array(4)));
    const other = await stage.meet(3, { pieces: [2, 3, 4, 5] });
    stage.clock.every(30_000, () => other.theirs.sendBytes(new Uint8Array(4)));
    await stage.clock.advance(55_000);
    expect(stage.good).toEqual([]);
    await stage.clock.advance(10_000);
    expect(stage.good.toSorted()).toEqual([2, 3, 4, 5]);
  });

  test('nothing is given up for a peer that only has what is asked of another', async () => {
    const [stage, [first]] = await makeFull([2, 1]);
    first!.theirs.send({ type: 'choke' });
    const idle = await stage.meet(3, { pieces: [1] });
    await stage.clock.advance(PATIENCE_MS);
    expect(blocks(idle)).toEqual([]);
    expect(stage.tracker.active.size).toBe(2);
  });

  test('nothing is given up for peers that choke us', async () => {
    const [stage, holders] = await makeFull([2, 1]);
    for (const { theirs } of holders) theirs.close();
    await stage.meet(3, { pieces: [2, 3, 4, 5], unchokes: false });
    await stage.clock.advance(PATIENCE_MS);
    expect(stage.tracker.active.size).toBe(2);
  });

  test('a piece that its peer may send while it chokes us is not given up (BEP 6)', async () => {
    const [stage, [, second]] = await makeFull([2, 1]);
    second!.theirs.close();
    const lender = await stage.meet(3, { pieces: [1], unchokes: false, supportsFast: true });
    lender.theirs.send({ type: 'allowed-fast', pieceIndex: 1 });
    await stage.meet(4, { pieces: [2, 3, 4, 5] });
    await stage.clock.advance(300);
    expect(stage.good[0]).toBe(1);
    expect(stage.downloader.wastedLength).toBe(0);
  });
});

test('while memory is free a piece without peers is kept', async () => {
  const stage = await makeStage({ pieceCount: 6 });
  const holder = await stage.meet(1, { pieces: [0], conduct: giving(1) });
  await stage.clock.advance(500);
  holder.theirs.close();
  await stage.meet(2, { pieces: [1, 2, 3, 4, 5] });
  await stage.clock.advance(20_000);
  expect(stage.good).toHaveLength(5);
  expect([...stage.tracker.active.keys()]).toEqual([0]);
});

test('a free block that nobody has does not keep the others from endgame', async () => {
  const stage = await makeStage({ pieceCount: 2 });
  const holder = await stage.meet(1, { pieces: [0], conduct: giving(1) });
  await stage.clock.advance(500);
  holder.theirs.close();
  await stage.meet(2, { pieces: [1], conduct: silent });
  await stage.clock.advance(500);
  await stage.meet(3, { pieces: [1] });
  await stage.clock.advance(3_000);
  expect(stage.good).toEqual([1]);
});
