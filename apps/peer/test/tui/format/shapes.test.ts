import { Bitfield } from '@shoal/units';
import { describe, expect, it } from 'vitest';
import { bar } from '../../../src/tui/format/bar.ts';
import { placeColumns } from '../../../src/tui/format/columns.ts';
import { areaGraph, graphPeak } from '../../../src/tui/format/graph.ts';
import { cellRuns, pieceMap } from '../../../src/tui/format/piece-map.ts';
import { formatWindow, listWindow } from '../../../src/tui/format/window.ts';

describe('bar', () => {
  it('moves in half columns and is full only at the end', () => {
    expect(bar(0, 4)).toEqual({ filled: '', rest: '────' });
    expect(bar(0.625, 4)).toEqual({ filled: '━━╸', rest: '─' });
    expect(bar(0.999, 4)).toEqual({ filled: '━━━╸', rest: '' });
    expect(bar(1, 4)).toEqual({ filled: '━━━━', rest: '' });
  });
});

describe('areaGraph', () => {
  const quiet = (count: number): number[] => Array.from({ length: count }, () => 0);

  it('draws two samples a column when there are more than fit, the newest at the right', () => {
    expect(areaGraph([...quiet(40), 4, 8], 3, 2, 8)).toEqual(['  ⢸', '  ⣿']);
  });

  it('stretches the samples of a young torrent over the width', () => {
    expect(areaGraph([...quiet(28), 8, 8], 30, 1, 8)).toEqual([`${' '.repeat(28)}⣿⣿`]);
    expect(areaGraph([8], 15, 1, 8)).toEqual([`${' '.repeat(14)}⢸`]);
  });

  it('hangs from the top when asked', () => {
    expect(areaGraph([...quiet(40), 4, 8], 1, 2, 8, true)).toEqual(['⣿', '⢸']);
  });

  it('shows a trickle as one step and silence as none', () => {
    expect(areaGraph([...quiet(40), 1], 1, 1, 1000)).toEqual(['⢀']);
    expect(areaGraph([], 2, 1, 0)).toEqual(['  ']);
  });

  it('takes its peak from the samples in sight', () => {
    expect(graphPeak([99, ...quiet(40), 4], 2)).toBe(4);
  });
});

describe('pieceMap', () => {
  const facts = (have: readonly number[], active: readonly number[], availability: number[]) => {
    const pieces = new Bitfield(availability.length);
    for (const index of have) pieces.add(index);
    const pieceCount = availability.length;
    return {
      pieceCount,
      pieces,
      activePieces: active,
      availability: Uint8Array.from(availability),
    };
  };

  it('gives each piece a cell when there is room', () => {
    const map = pieceMap(facts([0], [1], [9, 9, 0, 2, 3]), 100);
    expect(map).toEqual({
      piecesPerCell: 1,
      cells: ['have', 'active', 'none', 'rare', 'common'],
    });
  });

  it('puts several pieces in a cell when there is not, and shows the worst of them', () => {
    const map = pieceMap(facts([0, 1, 2], [], [9, 9, 9, 9, 9, 0]), 3);
    expect(map).toEqual({ piecesPerCell: 2, cells: ['have', 'partly', 'none'] });
  });

  it('has no cell for no piece', () => {
    expect(pieceMap(facts([], [], []), 10).cells).toEqual([]);
  });

  it('joins equal neighbours', () => {
    expect(cellRuns(['have', 'have', 'none'])).toEqual([
      { kind: 'have', length: 2 },
      { kind: 'none', length: 1 },
    ]);
  });
});

describe('placeColumns', () => {
  const wishes = [
    { width: 5 },
    { width: 'rest' },
    { width: 4, drop: 1 },
    { width: 3, drop: 2 },
  ] as const;

  it('gives the open column what the others leave', () => {
    expect(placeColumns(wishes, 40, 10).map(({ width }) => width)).toEqual([5, 22, 4, 3]);
  });

  it('drops the least wanted first, until there is room', () => {
    expect(placeColumns(wishes, 26, 10).map(({ width }) => width)).toEqual([5, 13, 4]);
    expect(placeColumns(wishes, 20, 10).map(({ width }) => width)).toEqual([5, 13]);
  });

  it('keeps the rest at zero when nothing more can be dropped', () => {
    expect(placeColumns(wishes, 4, 10).map(({ width }) => width)).toEqual([5, 0]);
  });
});

describe('listWindow', () => {
  it('shows all of a short list', () => {
    expect(listWindow(5, 4, 10)).toEqual({ first: 0, end: 5 });
    expect(formatWindow(listWindow(5, 4, 10), 5)).toBe('');
  });

  it('keeps the selected in view and the page full', () => {
    expect(listWindow(100, 0, 10)).toEqual({ first: 0, end: 10 });
    expect(listWindow(100, 50, 10)).toEqual({ first: 45, end: 55 });
    expect(listWindow(100, 99, 10)).toEqual({ first: 90, end: 100 });
    expect(formatWindow(listWindow(134, 12, 10), 134)).toBe('8–17 of 134');
  });
});
