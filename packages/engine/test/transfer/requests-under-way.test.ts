import { silent } from '@shoal/testkit';
import type { PieceIndex } from '@shoal/units';
import type { Message } from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import { blocks, type LeecherStage, type Met, makeStage, pieceMessage } from './leecher-stage.ts';

describe('when a peer chokes', () => {
  test('without BEP 6 its requests are void, and go to others', async () => {
    const stage = await makeStage();
    const first = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(100);
    expect(first.ours.requests.size).toBe(8);
    first.theirs.send({ type: 'choke' });
    await stage.clock.advance(100);
    expect(first.ours.requests.size).toBe(0);
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 5_000);
    expect(stage.bad).toEqual([]);
  });

  test('with BEP 6 they stand until each is rejected', async () => {
    const stage = await makeStage();
    const first = await stage.meet(1, { conduct: silent, supportsFast: true });
    await stage.clock.advance(100);
    first.theirs.send({ type: 'choke' });
    await stage.clock.advance(100);
    expect(first.ours.requests.size).toBe(8);
    for (const name of blocks(first)) {
      const { pieceIndex, begin, block } = pieceMessage(stage, name) as Message & { type: 'piece' };
      first.theirs.send({ type: 'reject', pieceIndex, begin, length: block.length });
    }
    await stage.clock.advance(100);
    expect(first.ours.requests.size).toBe(0);
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 5_000);
  });

  test('one that chokes and forgets to reject does not keep its blocks for ever', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const first = await stage.meet(1, { conduct: silent, supportsFast: true, pieces: [0] });
    await stage.clock.advance(100);
    first.theirs.send({ type: 'choke' });
    const second = await stage.meet(2, { pieces: [] });
    await stage.clock.advance(90_000);
    second.theirs.send({ type: 'have', pieceIndex: 0 });
    await stage.clock.advanceUntil(() => stage.isComplete, 5_000);
  });
});

describe('when a peer rejects though it does not choke us', () => {
  const rejecting = async (stage: LeecherStage): Promise<Met> => {
    const peer = await stage.meet(1, {
      supportsFast: true,
      conduct: ({ pieceIndex, begin, length }) => {
        peer.theirs.send({ type: 'reject', pieceIndex, begin, length });
        return undefined;
      },
    });
    return peer;
  };

  test('it is not asked for the same again and again', async () => {
    const stage = await makeStage();
    const peer = await rejecting(stage);
    await stage.clock.advance(9_000);
    expect(new Set(blocks(peer)).size).toBe(blocks(peer).length);
    await stage.clock.advance(31_000);
    expect(blocks(peer).length).toBeLessThan(5 * 16);
    expect(blocks(peer).length).toBeGreaterThan(16);
  });

  test('another peer gives what it refused, at once', async () => {
    const stage = await makeStage();
    await rejecting(stage);
    await stage.clock.advance(1_000);
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 2_000);
  });
});

describe('when asking stops', () => {
  test('every request is cancelled', async () => {
    const stage = await makeStage();
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    stage.downloader.disable();
    await stage.clock.advance(50);
    expect(blocks(peer, 'cancel').toSorted()).toEqual(blocks(peer).toSorted());
    expect(stage.tracker.active.size).toBe(0);
  });

  test('what is no more wanted is cancelled, the rest goes on', async () => {
    const stage = await makeStage({ pieceCount: 2 });
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    stage.tracker.setWish(0 as PieceIndex, 3);
    stage.downloader.dropUnwanted();
    await stage.clock.advance(50);
    expect(blocks(peer, 'cancel')).toEqual(['0.0', '0.1', '0.2', '0.3']);
    expect([...stage.tracker.active.keys()]).toEqual([1]);
  });
});

test('whom a piece is asked of is known, for as long as it is', async () => {
  const stage = await makeStage({ pieceCount: 2 });
  const [first, second] = [
    await stage.meet(1, { conduct: silent, pieces: [0] }),
    await stage.meet(2, { conduct: silent, pieces: [1] }),
  ];
  await stage.clock.advance(50);
  const sources = (index: number) => [...stage.downloader.sourcesOf(index as PieceIndex)];
  expect([sources(0), sources(1)]).toEqual([[first.ours], [second.ours]]);
  first.theirs.close();
  await stage.clock.advance(50);
  expect([sources(0), sources(1)]).toEqual([[], [second.ours]]);
});
