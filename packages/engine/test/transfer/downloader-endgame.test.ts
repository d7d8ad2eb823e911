import { silent } from '@shoal/testkit';
import { BLOCK_LENGTH } from '@shoal/units';
import { encodeMessage } from '@shoal/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocks, makeStage, pieceMessage, sendHalf } from './leecher-stage.ts';

describe('when a peer is slow', () => {
  test('after a minute without a block its requests go to others', async () => {
    const stage = await makeStage({ pieceCount: 2 });
    const slow = await stage.meet(1, { conduct: silent, pieces: [0] });
    await stage.meet(2, { pieces: [1] });
    await stage.clock.advance(1_000);
    const third = await stage.meet(3, { pieces: [] });
    stage.clock.every(30_000, () => slow.theirs.sendBytes(new Uint8Array(4)));
    await stage.clock.advance(65_000);
    expect(slow.ours.isSnubbed).toBe(true);
    third.theirs.send({ type: 'have', pieceIndex: 0 });
    await stage.clock.advanceUntil(() => stage.isComplete, 2_000);
  });

  test('a block that comes after its time is taken all the same', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const slow = await stage.meet(1, { conduct: silent });
    stage.clock.every(30_000, () => slow.theirs.sendBytes(new Uint8Array(4)));
    await stage.clock.advance(65_000);
    for (const name of ['0.0', '0.1', '0.2', '0.3']) slow.theirs.send(pieceMessage(stage, name));
    await stage.clock.advanceUntil(() => stage.isComplete, 500);
    expect(stage.bad).toEqual([]);
    expect(stage.downloader.wastedLength).toBe(0);
  });

  test('who waits for free blocks is asked when they are given up', async () => {
    const stage = await makeStage({ pieceCount: 2 });
    const slow = await stage.meet(1, { conduct: silent, pieces: [0] });
    stage.clock.every(30_000, () => slow.theirs.sendBytes(new Uint8Array(4)));
    await stage.clock.advance(1_000);
    // Piece 1 is with nobody, so that this is no endgame.
    await stage.meet(2, { pieces: [0] });
    await stage.clock.advance(70_000);
    expect(stage.good).toEqual([0]);
  });

  test('one that drips the last block does not keep it from a peer that sends', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const slow = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(100);
    const bytes = encodeMessage(pieceMessage(stage, '0.0'));
    let at = 0;
    stage.clock.every(20, () => {
      if (at < bytes.length) slow.theirs.sendBytes(bytes.slice(at, at + 20));
      at += 20;
    });
    await stage.clock.advance(3_000);
    const fast = await stage.meet(2);
    await stage.clock.advance(1_000);
    expect(blocks(fast)).toEqual(['0.1', '0.2', '0.3']);
    await stage.clock.advanceUntil(() => stage.isComplete, 3_000);
    expect(blocks(fast)).toEqual(['0.1', '0.2', '0.3', '0.0']);
    expect(stage.bad).toEqual([]);
    // It goes on until it hears that it need not: what comes is read past, and it stays.
    await stage.clock.advance(20_000);
    expect(slow.ours.isClosed).toBe(false);
    expect(stage.downloader.wastedLength).toBeLessThanOrEqual(BLOCK_LENGTH);
  });

  test('one that is slow and alone sends its block to the end', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const slow = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(100);
    for (const name of ['0.1', '0.2', '0.3']) slow.theirs.send(pieceMessage(stage, name));
    const bytes = encodeMessage(pieceMessage(stage, '0.0'));
    let at = 0;
    stage.clock.every(20, () => {
      if (at < bytes.length) slow.theirs.sendBytes(bytes.slice(at, at + 20));
      at += 20;
    });
    await stage.meet(2, { conduct: silent });
    await stage.clock.advanceUntil(() => stage.isComplete, 20_000);
    expect(stage.downloader.wastedLength).toBe(0);
  });

  test('one that takes more than a minute over a block is closed, and another sends it', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const slow = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(100);
    const bytes = encodeMessage(pieceMessage(stage, '0.0'));
    let at = 0;
    stage.clock.every(500, () => slow.theirs.sendBytes(bytes.slice(at, ++at)));
    await stage.clock.advance(62_000);
    expect(slow.ours.isClosed).toBe(true);
    const fast = await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 2_000);
    expect(stage.bad).toEqual([]);
    expect(blocks(fast)).toEqual(['0.0', '0.1', '0.2', '0.3']);
  });

  test('one that leaves in the middle of a late block leaves it to others', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const slow = await stage.meet(1, { conduct: silent });
    stage.clock.every(30_000, () => slow.theirs.sendBytes(new Uint8Array(4)));
    await stage.clock.advance(65_000);
    sendHalf(stage, slow.theirs, '0.3', 'first');
    await stage.clock.advance(100);
    slow.theirs.close();
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 2_000);
    expect(stage.bad).toEqual([]);
  });
});

describe('in endgame', () => {
  test('a second copy spoils nothing, and who need not send any more is told', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const first = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    const second = await stage.meet(2, { conduct: silent });
    await stage.clock.advance(50);
    expect(blocks(second)).toEqual(blocks(first));
    for (const name of ['0.0', '0.1', '0.2']) second.theirs.send(pieceMessage(stage, name));
    await stage.clock.advance(50);
    expect(blocks(first, 'cancel')).toEqual(['0.0', '0.1', '0.2']);
    // Sent before the cancel came: it is too much, but no harm.
    first.theirs.send(pieceMessage(stage, '0.0'));
    first.theirs.send(pieceMessage(stage, '0.3'));
    await stage.clock.advance(50);
    expect([stage.good, stage.bad]).toEqual([[0], []]);
    expect(stage.downloader.wastedLength).toBe(BLOCK_LENGTH);
    expect(blocks(second, 'cancel')).toEqual(['0.3']);
  });

  test('of two that send the same block at the same time one is kept, whole', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const liar = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    const second = await stage.meet(2, { conduct: silent });
    await stage.clock.advance(50);
    sendHalf(stage, second.theirs, '0.0', 'first');
    await stage.clock.advance(50);
    liar.theirs.send({
      type: 'piece',
      pieceIndex: 0,
      begin: 0,
      block: new Uint8Array(BLOCK_LENGTH),
    });
    await stage.clock.advance(50);
    sendHalf(stage, second.theirs, '0.0', 'last');
    for (const name of ['0.1', '0.2', '0.3']) second.theirs.send(pieceMessage(stage, name));
    await stage.clock.advance(50);
    expect([stage.good, stage.bad]).toEqual([[0], []]);
  });

  test('any cuts and orders of two senders give the true bytes', async () => {
    const turn = fc.record({ isFirst: fc.boolean(), length: fc.integer({ min: 1, max: 40_000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 5, maxLength: 20 }), async (turns) => {
        const stage = await makeStage({ pieceCount: 1 });
        const peers = [await stage.meet(1, { conduct: silent })];
        await stage.clock.advance(50);
        peers.push(await stage.meet(2, { conduct: silent }));
        await stage.clock.advance(50);
        const streams = [0, 1].map(() =>
          Buffer.concat(
            ['0.0', '0.1', '0.2', '0.3'].map((name) => encodeMessage(pieceMessage(stage, name))),
          ),
        );
        const send = (n: number, length: number): void => {
          peers[n]!.theirs.sendBytes(streams[n]!.subarray(0, length));
          streams[n] = streams[n]!.subarray(length);
        };
        for (const { isFirst, length } of turns) {
          send(isFirst ? 0 : 1, length);
          await stage.clock.advance(30);
        }
        for (const n of [0, 1]) send(n, streams[n]!.length);
        await stage.clock.advanceUntil(() => stage.isComplete, 1_000);
        expect([stage.good, stage.bad]).toEqual([[0], []]);
      }),
      { numRuns: 25 },
    );
  });

  test('a slow sender does not make the fast ones send the same again and again', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const slow = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    sendHalf(stage, slow.theirs, '0.0', 'first');
    const fast = await stage.meet(2);
    await stage.clock.advance(10_000);
    expect(blocks(fast).length).toBeLessThan(8);
    sendHalf(stage, slow.theirs, '0.0', 'last');
    await stage.clock.advanceUntil(() => stage.isComplete, 1_000);
    expect(stage.bad).toEqual([]);
  });
});
