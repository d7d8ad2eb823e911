import { silent } from '@shoal/testkit';
import { BLOCK_LENGTH, type PieceIndex } from '@shoal/units';
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

describe('under a limit', () => {
  const RATE = 1024 * 1024;

  /** A peer that was asked for eight blocks and says nothing. */
  async function makeLimited() {
    const stage = await makeStage({ downBytesPerS: RATE });
    /** What is left, and what was granted for blocks that are under way. */
    const unspent = (): number => {
      const left = stage.limiter.take(60 * RATE, stage.clock.nowMs());
      stage.limiter.giveBack(left, stage.clock.nowMs());
      return left + peer.ours.requests.size * BLOCK_LENGTH;
    };
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advanceUntil(() => blocks(peer).length > 0, 100);
    expect(peer.ours.requests.size).toBe(8);
    /** What a block costs that the peer sends when the limit has been full for a while. */
    const costOf = async (name: string): Promise<number> => {
      await stage.clock.advance(1_000);
      const before = unspent();
      const { total } = stage.meter;
      peer.theirs.send(pieceMessage(stage, name));
      await stage.clock.advanceUntil(() => stage.meter.total > total, 100);
      return before - unspent();
    };
    return { stage, peer, unspent, costOf };
  }

  test('what was granted for blocks that are cancelled is given back', async () => {
    const { stage, unspent } = await makeLimited();
    const before = unspent();
    stage.downloader.disable();
    expect(unspent()).toBe(before);
  });

  test('a block that comes though it was cancelled is paid for', async () => {
    const { stage, peer, costOf } = await makeLimited();
    const [name] = blocks(peer);
    stage.downloader.disable();
    expect(await costOf(name!)).toBe(BLOCK_LENGTH);
  });

  test('a block that comes after a minute, when others are asked for it, is paid for', async () => {
    const { stage, peer, costOf } = await makeLimited();
    const [name] = blocks(peer);
    await stage.clock.advanceUntil(() => peer.ours.isSnubbed, 70_000);
    expect(await costOf(name!)).toBe(BLOCK_LENGTH);
  });

  test('a block that was asked for is paid for once', async () => {
    const { peer, costOf } = await makeLimited();
    expect(await costOf(blocks(peer)[0]!)).toBe(BLOCK_LENGTH);
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
