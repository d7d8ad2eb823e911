import { corrupting, honest, silent } from '@shoal/testkit';
import { BLOCK_LENGTH } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { blocks, makeStage, pieceMessage, sendHalf } from './leecher-stage.ts';

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

describe('under a limit', () => {
  const RATE = 128 * 1024;

  /** The first to come is the first to be asked. */
  async function openLimited() {
    const stage = await makeStage({ pieceCount: 64, downBytesPerS: RATE });
    stage.clock.every(50, () => stage.downloader.refillAll());
    return stage;
  }

  test('all peers get their turn', async () => {
    const stage = await openLimited();
    const peers = [await stage.meet(1), await stage.meet(2), await stage.meet(3)];
    await stage.clock.advance(20_000);
    for (const { ours } of peers) expect(ours.down.total / 20).toBeGreaterThan(RATE / 4);
  });

  test.each([1, 4])(
    'peers that are asked, choke and unchoke keep nothing from others: %i',
    async (count) => {
      const stage = await openLimited();
      for (let n = 1; n <= count; n++) {
        const idle = await stage.meet(n, {
          conduct: () => {
            idle.theirs.send({ type: 'choke' });
            idle.theirs.send({ type: 'unchoke' });
            return undefined;
          },
        });
      }
      await stage.clock.advance(2_000);
      const { ours } = await stage.meet(9);
      await stage.clock.advance(20_000);
      expect(ours.down.total / 20).toBeGreaterThan(RATE * 0.9);
      expect(ours.down.total / 20).toBeLessThan(RATE * 1.1);
    },
  );

  test('a peer that let us wait is asked for one block, and for more when it came', async () => {
    const stage = await makeStage({ pieceCount: 16, downBytesPerS: 64 * RATE });
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    expect(peer.ours.requests.size).toBe(8);
    peer.theirs.send({ type: 'choke' });
    peer.theirs.send({ type: 'unchoke' });
    await stage.clock.advance(50);
    expect(peer.ours.requests.size).toBe(1);
    peer.theirs.send(pieceMessage(stage, blocks(peer).at(-1)!));
    await stage.clock.advance(50);
    expect(peer.ours.requests.size).toBeGreaterThan(1);
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

test('a liar among honest peers costs time, but no wrong byte is taken', async () => {
  const stage = await makeStage({ pieceCount: 8, blocksPerPiece: 8 });
  await stage.meet(1, { conduct: corrupting, pieces: [0, 1] });
  await stage.meet(2, { conduct: honest });
  await stage.clock.advance(3_000);
  stage.swarm.banHost('10.0.1.1', 'a lie');
  await stage.clock.advanceUntil(() => stage.isComplete, 10_000);
  expect(stage.good.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
