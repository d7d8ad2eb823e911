import { seededRandom } from '@shoal/testkit';
import { type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OFF, PieceTracker } from '../../src/picking/piece-tracker.ts';
import {
  PIECE_LENGTH,
  TOTAL_LENGTH,
  TrackerModel,
  trackerCommands,
} from './piece-tracker.model.ts';

const layout = new PieceLayout(TOTAL_LENGTH, PIECE_LENGTH);

function makeTracker(): PieceTracker {
  return new PieceTracker(layout, seededRandom(1));
}

test('every piece is in one state, the order holds just the pickable ones, the counts are right', () => {
  fc.assert(
    fc.property(fc.commands(trackerCommands, { maxCommands: 60 }), (commands) => {
      fc.modelRun(() => ({ model: new TrackerModel(), real: makeTracker() }), commands);
    }),
  );
});

test('a torrent without pieces is done', () => {
  const tracker = new PieceTracker(new PieceLayout(0, PIECE_LENGTH), seededRandom(1));
  expect(tracker).toMatchObject({ isDone: true, pickableCount: 0 });
  expect(tracker.firstPickable()).toBe(0);
});

test('what is off and was had all the same is no more missing when it is wanted again', () => {
  const tracker = makeTracker();
  for (let piece = 0; piece < layout.pieceCount; piece++) tracker.setWish(piece as PieceIndex, OFF);
  expect(tracker.isDone).toBe(true);
  tracker.verified(3 as PieceIndex);
  tracker.setWish(3 as PieceIndex, 0);
  expect(tracker).toMatchObject({ isDone: true, wantedCount: 1, pickableCount: 0 });
});

test('a torrent that is complete can become incomplete again', () => {
  const tracker = makeTracker();
  for (let piece = 0; piece < layout.pieceCount; piece++) tracker.verified(piece as PieceIndex);
  expect(tracker.isDone).toBe(true);
  tracker.lost(4 as PieceIndex);
  expect(tracker).toMatchObject({ isDone: false, pickableCount: 1 });
  expect(tracker.firstPickable()).toBe(4);
});
