import { type FakePeerOptions, silent } from '@shoal/testkit';
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

  test('ends the connection when it does not end', async () => {
    const stage = await makeStage({ pieceCount: 4, downBytesPerS: 100 * 1024 });
    stage.clock.every(50, () => stage.downloader.refillAll());
    const flooder = await stage.meet(1, { conduct: silent, pieces: [0] });
    await stage.clock.advance(50);
    for (let n = 0; n < 64; n++) flooder.theirs.send(pieceMessage(stage, '3.0'));
    await stage.clock.advance(1_000);
    expect(flooder.ours.isClosed).toBe(false);
    for (let n = 0; n < 1_000; n++) flooder.theirs.send(pieceMessage(stage, '3.0'));
    await stage.clock.advance(1_000);
    expect(flooder.ours.isClosed).toBe(true);
    expect(flooder.ours.brokeProtocol).toBe(true);
    expect(stage.downloader.wastedLength).toBe(65 * BLOCK_LENGTH);
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 15_000);
  });
});

describe('what was asked for and then withdrawn may come all the same', () => {
  const FAST = { supportsFast: true };

  /** How all that a peer was asked for becomes void, for us or for the peer. */
  const ways: [string, Partial<FakePeerOptions>, (stage: LeecherStage, peer: Met) => void][] = [
    ['it choked', {}, (_, { theirs }) => theirs.send({ type: 'choke' })],
    [
      'it rejected each',
      FAST,
      (_, { theirs }) => {
        theirs.send({ type: 'choke' });
        for (const message of theirs.received.filter(({ type }) => type === 'request'))
          theirs.send({ ...(message as Message & { type: 'request' }), type: 'reject' });
      },
    ],
    [
      'we cancelled them',
      {},
      ({ downloader }) => {
        downloader.disable();
        downloader.enable();
      },
    ],
    [
      'we gave the piece up',
      {},
      ({ downloader, tracker }) => {
        for (const piece of [...tracker.active.values()]) downloader.abandon(piece);
      },
    ],
  ];

  test.each(ways)('%s', async (_name, options, withdraw) => {
    const stage = await makeStage({ pieceCount: 4 });
    const peer = await stage.meet(1, { conduct: silent, ...options });
    for (let turn = 0; turn < 20; turn++) {
      stage.downloader.refillAll();
      await stage.clock.advance(50);
      withdraw(stage, peer);
      await stage.clock.advance(50);
      peer.theirs.send({ type: 'unchoke' });
    }
    const names = blocks(peer);
    expect(names.length).toBeGreaterThan(150);
    for (const name of names) peer.theirs.send(pieceMessage(stage, name));
    await stage.clock.advance(1_000);
    expect(peer.ours.isClosed).toBe(false);
  });

  test('others were faster, after a minute', async () => {
    const stage = await makeStage({ pieceCount: 16, blocksPerPiece: 16 });
    const slow = await stage.meet(1, { conduct: silent });
    // Its first blocks come at once: it is asked for many.
    let sent = 0;
    for (let turn = 0; turn < 3; turn++) {
      await stage.clock.advance(50);
      for (const name of blocks(slow).slice(sent, sent + 8)) {
        slow.theirs.send(pieceMessage(stage, name));
        sent++;
      }
    }
    await stage.clock.advance(50);
    const waiting = blocks(slow).slice(sent);
    expect(waiting.length).toBeGreaterThan(100);
    await stage.clock.advanceUntil(() => slow.ours.isSnubbed, 70_000);
    await stage.meet(2);
    await stage.clock.advanceUntil(() => stage.isComplete, 10_000);
    for (const name of waiting) slow.theirs.send(pieceMessage(stage, name));
    await stage.clock.advance(1_000);
    expect(slow.ours.isClosed).toBe(false);
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

describe('a source that is no peer', () => {
  const SOURCE = -1;

  test('writes the blocks of its piece, and with the last one the piece is whole', async () => {
    const stage = await makeStage({ pieceCount: 2 });
    const piece = stage.tracker.start(0 as PieceIndex, SOURCE, 0);
    const { intake } = stage.downloader;
    for (const block of [0, 1, 2, 3]) {
      piece.requested(block);
      expect(intake.beginBlock(piece, block, SOURCE)).toBe(true);
      const begin = block * BLOCK_LENGTH;
      piece.bytes!.set(stage.content.slice(begin, begin + BLOCK_LENGTH), begin);
      intake.endBlock(piece, block, SOURCE, true);
    }
    expect([stage.good, stage.downloader.wastedLength]).toEqual([[0], 0]);
  });

  test('keeps off a block that a peer is sending, and what it sends of it is wasted', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    sendHalf(stage, peer.theirs, '0.0', 'first');
    await stage.clock.advance(50);
    const { intake } = stage.downloader;
    const piece = stage.tracker.active.get(0 as PieceIndex)!;
    piece.requested(0);
    expect(intake.beginBlock(piece, 0, SOURCE)).toBe(false);
    intake.endBlock(piece, 0, SOURCE, false);
    expect(piece.isReceived(0)).toBe(false);
    expect(stage.downloader.wastedLength).toBe(BLOCK_LENGTH);
  });

  test('has nothing to write into a piece that was given up', async () => {
    const stage = await makeStage({ pieceCount: 2 });
    const piece = stage.tracker.start(0 as PieceIndex, SOURCE, 0);
    stage.downloader.abandon(piece);
    expect(stage.downloader.intake.beginBlock(piece, 0, SOURCE)).toBe(false);
  });

  test('spares a peer the same block', async () => {
    const stage = await makeStage({ pieceCount: 1 });
    const peer = await stage.meet(1, { conduct: silent });
    await stage.clock.advance(50);
    const { intake } = stage.downloader;
    const piece = stage.tracker.active.get(0 as PieceIndex)!;
    piece.requested(2);
    intake.beginBlock(piece, 2, SOURCE);
    intake.endBlock(piece, 2, SOURCE, true);
    await stage.clock.advance(50);
    expect(blocks(peer, 'cancel')).toEqual(['0.2']);
  });
});
