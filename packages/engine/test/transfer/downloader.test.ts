import { corrupting, honest, silent } from '@shoal/testkit';
import { BLOCK_LENGTH, type PieceIndex } from '@shoal/units';
import type { Message } from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import {
  blocks,
  type LeecherStage,
  type Met,
  makeStage,
  pieceMessage,
  sendHalf,
} from './leecher-stage.ts';

describe('with honest peers', () => {
  test('all comes from one', async () => {
    const stage = await makeStage();
    await stage.meet(1);
    await stage.clock.advanceUntil(() => stage.isComplete, 5_000);
    expect(stage.good.toSorted()).toEqual([0, 1, 2, 3]);
    expect(stage.downloader.wastedLength).toBe(0);
    expect(stage.meter.total).toBe(stage.layout.totalLength);
  });

  test('what each has comes from each, and nothing twice before the end', async () => {
    const stage = await makeStage({ pieceCount: 12 });
    const peers = [
      await stage.meet(1, { pieces: [0, 1, 2, 3, 4, 5] }),
      await stage.meet(2, { pieces: [6, 7, 8, 9, 10, 11] }),
    ];
    await stage.clock.advanceUntil(() => stage.isComplete, 5_000);
    expect(stage.good).toHaveLength(12);
    for (const peer of peers) expect(new Set(blocks(peer)).size).toBe(blocks(peer).length);
    expect(stage.downloader.wastedLength).toBeLessThan(8 * BLOCK_LENGTH);
  });

  test('nothing is asked of a peer that chokes us', async () => {
    const stage = await makeStage();
    const peer = await stage.meet(1, { unchokes: false });
    await stage.clock.advance(5_000);
    expect(blocks(peer)).toEqual([]);
    expect(peer.theirs.received.at(-1)).toEqual({ type: 'interested' });
  });

  test('only allowed pieces are asked for while a peer chokes us (BEP 6)', async () => {
    const stage = await makeStage();
    const peer = await stage.meet(1, { unchokes: false, supportsFast: true });
    peer.theirs.send({ type: 'allowed-fast', pieceIndex: 2 });
    await stage.clock.advance(5_000);
    expect(blocks(peer)).toEqual(['2.0', '2.1', '2.2', '2.3']);
    expect(stage.good).toEqual([2]);
  });

  test('the rate stays within the limit', async () => {
    const rate = 64 * 1024;
    const stage = await makeStage({ pieceCount: 40, downBytesPerS: rate });
    stage.clock.every(50, () => stage.downloader.refillAll());
    await stage.meet(1);
    await stage.meet(2);
    await stage.clock.advance(20_000);
    expect(stage.meter.total / 20).toBeGreaterThan(rate * 0.9);
    expect(stage.meter.total / 20).toBeLessThan(rate * 1.1);
  });
});

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

describe('when asking stops in the middle of a block', () => {
  test('what comes after it began anew is not taken for a block of the new piece', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    sendHalf(stage, peer.theirs, '0.0', 'first');
    await stage.clock.advance(50);
    stage.downloader.disable();
    stage.downloader.enable();
    stage.downloader.refillAll();
    sendHalf(stage, peer.theirs, '0.0', 'last');
    for (const name of ['0.1', '0.2', '0.3']) peer.theirs.send(pieceMessage(stage, name));
    await stage.clock.advance(50);
    expect([stage.good, stage.bad]).toEqual([[], []]);
    const active = stage.tracker.active.get(0 as PieceIndex)!;
    expect([0, 1, 2, 3].filter((block) => active.isReceived(block))).toEqual([1, 2, 3]);
    stage.swarm.closeAll('enough');
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 1_000);
    expect(stage.bad).toEqual([]);
  });

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

describe('a peer that does not answer', () => {
  test('is snubbed after a minute, and as before when a block comes', async () => {
    const stage = await makeStage({ pieceCount: 2, blocksPerPiece: 4 });
    const slow = await stage.meet(1, { conduct: silent, pieces: [0] });
    await stage.clock.advance(59_000);
    expect(slow.ours.isSnubbed).toBe(false);
    await stage.clock.advance(2_000);
    expect(slow.ours.isSnubbed).toBe(true);
    // It is asked for a block at a time meanwhile, and what it was asked for before is taken.
    expect(slow.ours.requests.size).toBe(1);
    for (const name of ['0.3', '0.2', '0.1', '0.0']) slow.theirs.send(pieceMessage(stage, name));
    await stage.clock.advance(1_000);
    expect(slow.ours.isSnubbed).toBe(false);
    expect(slow.ours.isClosed).toBe(false);
    expect(stage.good).toEqual([0]);
  });

  test('is closed after 45 s in the middle of a block, which nobody else can send', async () => {
    const stage = await makeStage({ pieceCount: 2, blocksPerPiece: 4 });
    const slow = await stage.meet(1, { conduct: silent, pieces: [0] });
    await stage.clock.advance(50);
    sendHalf(stage, slow.theirs, '0.0', 'first');
    await stage.clock.advance(44_000);
    expect(slow.ours.isClosed).toBe(false);
    await stage.clock.advance(3_000);
    expect(slow.ours.isClosed).toBe(true);
  });
});

describe('what nobody asked for', () => {
  test('is dropped, earns nothing, and does not count as an answer', async () => {
    const stage = await makeStage({ pieceCount: 4 });
    const peer = await stage.meet(1, { conduct: silent, pieces: [0] });
    await stage.clock.advance(50);
    stage.clock.every(1_000, () => peer.theirs.send(pieceMessage(stage, '3.0')));
    await stage.clock.advance(61_000);
    expect(peer.ours.down.total).toBe(0);
    expect(peer.ours.isSnubbed).toBe(true);
    expect(stage.downloader.wastedLength).toBeGreaterThan(50 * BLOCK_LENGTH);
  });
});

test.each([
  ['is too short', 0, BLOCK_LENGTH - 1],
  ['begins between two blocks', 7, BLOCK_LENGTH],
  ['is a single byte', 0, 1],
])('a peer whose block %s is closed', async (_name, begin, length) => {
  const stage = await makeStage();
  const peer = await stage.meet(1, { conduct: silent });
  await stage.clock.advance(50);
  peer.theirs.send({ type: 'piece', pieceIndex: 0, begin, block: new Uint8Array(length) });
  await stage.clock.advance(50);
  expect(peer.ours.isClosed).toBe(true);
  expect(stage.downloader.wastedLength).toBe(length);
});

test('a liar among honest peers costs time, but no wrong byte is taken', async () => {
  const stage = await makeStage({ pieceCount: 8, blocksPerPiece: 8 });
  await stage.meet(1, { conduct: corrupting, pieces: [0, 1] });
  await stage.meet(2, { conduct: honest });
  await stage.clock.advance(3_000);
  stage.swarm.banHost('10.0.1.1', 'a lie');
  await stage.clock.advanceUntil(() => stage.isComplete, 10_000);
  expect(stage.good.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
