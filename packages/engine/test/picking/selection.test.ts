import type { TorrentFile } from '@shoal/metainfo';
import { seededRandom } from '@shoal/testkit';
import { type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OFF, PieceTracker } from '../../src/picking/piece-tracker.ts';
import { Selection } from '../../src/picking/selection.ts';
import type { FilePriority } from '../../src/state/snapshot.ts';

const PIECE_LENGTH = 100;
const PRIORITIES: readonly FilePriority[] = ['high', 'normal', 'low', 'off'];

interface Stage {
  readonly files: readonly TorrentFile[];
  readonly layout: PieceLayout;
  readonly selection: Selection;
  readonly tracker: PieceTracker;
}

/** Files of these lengths, end to end; a negative length is a pad file. */
function makeStage(...lengths: readonly number[]): Stage {
  const files: TorrentFile[] = [];
  let offset = 0;
  for (const signed of lengths) {
    const length = Math.abs(signed);
    const name = `file-${files.length}`;
    files.push({ path: [name], rawPath: name, offset, length, isPad: signed < 0 });
    offset += length;
  }
  const layout = new PieceLayout(offset, PIECE_LENGTH);
  return {
    files,
    layout,
    selection: new Selection(files, layout),
    tracker: new PieceTracker(layout, seededRandom(1)),
  };
}

const wanted = ({ tracker, layout }: Stage): number[] =>
  [...new Array(layout.pieceCount).keys()].filter((piece) => tracker.isWanted(piece));

test('all files are wanted at first', () => {
  const stage = makeStage(250, 50);
  stage.selection.apply(stage.tracker);
  expect(stage.selection.priorities).toEqual(['normal', 'normal']);
  expect(wanted(stage)).toEqual([0, 1, 2]);
});

test('the range of a file takes in both pieces it shares with its neighbours', () => {
  const { selection } = makeStage(150, 100, 50, 0, 100);
  expect([0, 1, 2, 3, 4].map((file) => selection.rangeOf(file))).toEqual([
    { first: 0, last: 1 },
    { first: 1, last: 2 },
    { first: 2, last: 2 },
    { first: 3, last: 2 },
    { first: 3, last: 3 },
  ]);
});

test('a piece that two files share is wanted as long as one of them is', () => {
  const stage = makeStage(150, 100, 50);
  stage.selection.only([0]);
  stage.selection.apply(stage.tracker);
  expect(wanted(stage)).toEqual([0, 1]);
  expect(stage.selection.priorities).toEqual(['normal', 'off', 'off']);
  expect(stage.selection.wantedLength).toBe(150);
});

test('pad files are never wanted, and count for nothing', () => {
  const stage = makeStage(150, -150, 50);
  stage.selection.apply(stage.tracker);
  expect(wanted(stage)).toEqual([0, 1, 3]);
  expect(stage.selection.wantedLength).toBe(200);
});

test('the verified bytes of a file are those inside it', () => {
  const { selection, tracker } = makeStage(150, 120, 30);
  tracker.verified(1 as PieceIndex);
  expect([0, 1, 2].map((file) => selection.haveLength(file, tracker.have))).toEqual([50, 50, 0]);
  tracker.verified(2 as PieceIndex);
  expect([0, 1, 2].map((file) => selection.haveLength(file, tracker.have))).toEqual([50, 120, 30]);
});

const WISHES = { high: 0, normal: 1, low: 2, off: OFF } as const;

test('each piece is wanted as much as the most wanted file it touches', () => {
  const file = fc.record({ length: fc.nat(350), priority: fc.constantFrom(...PRIORITIES) });
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 8 }), (list) => {
      const stage = makeStage(...list.map(({ length }) => length));
      for (const [index, { priority }] of list.entries()) stage.selection.set(index, priority);
      stage.selection.apply(stage.tracker);
      const ranks = stage.files.flatMap(({ offset, length }, index) =>
        Array.from({ length }, (_, at) => ({
          piece: Math.floor((offset + at) / PIECE_LENGTH),
          wish: WISHES[list[index]!.priority],
        })),
      );
      for (let piece = 0; piece < stage.layout.pieceCount; piece++) {
        const best = Math.min(...ranks.filter((r) => r.piece === piece).map((r) => r.wish));
        expect(stage.tracker.isWanted(piece)).toBe(best !== OFF);
      }
      const order = [...stage.tracker.order.pieces()];
      const wishes = order.map((piece) =>
        Math.min(...ranks.filter((r) => r.piece === piece).map((r) => r.wish)),
      );
      expect(wishes).toEqual(wishes.toSorted((a, b) => a - b));
    }),
  );
});

test('the verified bytes of all files add up to those of all pieces', () => {
  const lengths = fc.array(fc.nat(350), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(lengths, fc.array(fc.nat(30)), (list, pieces) => {
      const { files, layout, selection, tracker } = makeStage(...list);
      for (const n of pieces) {
        const piece = layout.pieceIndex(n);
        if (piece !== undefined) tracker.verified(piece);
      }
      const ofFiles = [...files.keys()].map((file) => selection.haveLength(file, tracker.have));
      const ofPieces = [...tracker.have.indexes()].map((n) => layout.lengthOf(n as PieceIndex));
      const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
      expect(sum(ofFiles)).toBe(sum(ofPieces));
    }),
  );
});
