import type { FileMark } from '@shoal/chunk-store';
import { Bitfield, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareMarks, fileSpans, type MarkedSpan } from '../../src/state/trust.ts';

const PIECE_LENGTH = 100;
const GONE: FileMark = { length: 0, mtimeMs: 0 };

interface Disk {
  readonly layout: PieceLayout;
  readonly spans: readonly MarkedSpan[];
  /** Complete files, last changed at 1000. */
  readonly marks: readonly FileMark[];
}

/** Files of these lengths, end to end. */
function makeDisk(...lengths: readonly number[]): Disk {
  let offset = 0;
  const spans = lengths.map((length) => {
    const span = { offset, length };
    offset += length;
    return span;
  });
  const marks = lengths.map((length) => (length === 0 ? GONE : { length, mtimeMs: 1_000 }));
  return { layout: new PieceLayout(offset, PIECE_LENGTH), spans, marks };
}

function field({ layout }: Disk, pieces: readonly number[] | 'all'): Bitfield {
  const bits = new Bitfield(layout.pieceCount);
  if (pieces === 'all') bits.fill();
  else for (const piece of pieces) bits.add(piece);
  return bits;
}

function compare(
  disk: Disk,
  now: readonly FileMark[],
  claimed: readonly number[] | 'all' | undefined,
  marks = disk.marks,
): { trusted: number[]; suspects: number[] } {
  const state = claimed && { pieces: field(disk, claimed), marks };
  const { trusted, suspects } = compareMarks(disk.layout, disk.spans, now, state);
  return { trusted: [...trusted.indexes()], suspects: [...suspects.indexes()] };
}

describe('with a state', () => {
  test('files that are as they were are believed, and what was missing is missing', () => {
    const disk = makeDisk(250, 150);
    expect(compare(disk, disk.marks, [0, 3])).toEqual({ trusted: [0, 3], suspects: [] });
  });

  test('a file that changed is hashed again, and no other', () => {
    const disk = makeDisk(200, 250, 150);
    const now = disk.marks.map((mark, at) => (at === 1 ? { ...mark, mtimeMs: 2_000 } : mark));
    expect(compare(disk, now, 'all')).toEqual({ trusted: [0, 1, 5], suspects: [2, 3, 4] });
  });

  test('a file in a part file is believed while that is as it was, and hashed where it changed', () => {
    const disk = makeDisk(250, 150);
    const apart = { length: 70, mtimeMs: 1_000, isApart: true };
    const before = [disk.marks[0]!, { length: 70, mtimeMs: 1_000 }];
    const now = [disk.marks[0]!, apart];
    expect(compare(disk, now, [0, 2], before)).toEqual({ trusted: [0, 2], suspects: [] });
    const changed = [disk.marks[0]!, { ...apart, mtimeMs: 2_000 }];
    expect(compare(disk, changed, [0, 2], before)).toEqual({ trusted: [0], suspects: [2, 3] });
  });

  test('of a file that was cut only what is left is hashed', () => {
    const disk = makeDisk(400, 100);
    const now = [{ length: 150, mtimeMs: 2_000 }, disk.marks[1]!];
    expect(compare(disk, now, 'all')).toEqual({ trusted: [4], suspects: [0, 1] });
  });

  test('the pieces of a file that is gone are missing', () => {
    const disk = makeDisk(250, 150);
    expect(compare(disk, [GONE, disk.marks[1]!], 'all')).toEqual({ trusted: [3], suspects: [] });
  });

  test('a file that was gone already when the state was written is not believed', () => {
    const disk = makeDisk(250, 150);
    const marks = [GONE, disk.marks[1]!];
    expect(compare(disk, marks, 'all', marks)).toEqual({ trusted: [3], suspects: [] });
  });

  test('a file that was cut already when the state was written is believed up to its end', () => {
    const disk = makeDisk(400, 100);
    const marks = [{ length: 250, mtimeMs: 2_000 }, disk.marks[1]!];
    expect(compare(disk, marks, 'all', marks)).toEqual({ trusted: [0, 1, 4], suspects: [] });
  });

  test('a state with too few marks is not believed for the rest', () => {
    const disk = makeDisk(200, 200);
    const { trusted, suspects } = compare(disk, disk.marks, 'all', disk.marks.slice(0, 1));
    expect([trusted, suspects]).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('times are compared to the microsecond, as states keep them', () => {
    const disk = makeDisk(100);
    const at = (mtimeMs: number) => compare(disk, [{ length: 100, mtimeMs }], 'all').suspects;
    expect([at(1_000.0009), at(1_000.01)]).toEqual([[], [0]]);
  });
});

test('without a state all that lies on disk is hashed', () => {
  const disk = makeDisk(150, 0, 300, 100);
  const now = [disk.marks[0]!, GONE, { length: 120, mtimeMs: 5 }, GONE];
  expect(compare(disk, now, undefined)).toEqual({ trusted: [], suspects: [0, 1, 2] });
});

test('pad files are nowhere on disk, and stand in nobody’s way', () => {
  const files = [
    { offset: 0, length: 150, isPad: false },
    { offset: 150, length: 50, isPad: true },
  ].map((file) => ({ ...file, path: ['f'], rawPath: 'f' }));
  expect(fileSpans(files)).toEqual([
    { offset: 0, length: 150 },
    { offset: 150, length: 0 },
  ]);
});

test('nothing is believed that was not claimed, or that does not lie there as it did', () => {
  const mark = fc.record({ length: fc.nat(350), mtimeMs: fc.constantFrom(1, 2) });
  const file = fc.record({ length: fc.nat(350), before: mark, now: mark, isSame: fc.boolean() });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 6 }), fc.array(fc.nat(20)), (files, claimed) => {
      const disk = makeDisk(...files.map(({ length }) => length));
      const before = files.map((f) => f.before);
      const now = files.map((f) => (f.isSame ? f.before : f.now));
      const { trusted, suspects } = compare(disk, now, claimed, before);
      expect(trusted.filter((piece) => suspects.includes(piece))).toEqual([]);
      for (const piece of trusted) {
        expect(claimed).toContain(piece);
        for (const [at, { offset, length }] of disk.spans.entries()) {
          const from = Math.max(0, piece * PIECE_LENGTH - offset);
          const to = Math.min(length, (piece + 1) * PIECE_LENGTH - offset);
          if (from >= to) continue;
          expect(now[at]).toEqual(before[at]);
          expect(now[at]!.length).toBeGreaterThanOrEqual(to);
        }
      }
    }),
  );
});
