import { describe, expect, it } from 'vitest';
import { fitTable } from '../../../src/language/text/fit-table.ts';

const columns = [
  { cells: ['0a1b2c3d', '4e5f6a7b'], drop: 1 },
  { cells: ['n'.repeat(180), 'reef'], isCut: true },
  { cells: ['leecher', 'seeder'] },
  { cells: ['down 5.0 MiB/s', 'down 0 B/s'] },
];

describe('fitTable', () => {
  it('cuts one column to the width of the screen', () => {
    expect(fitTable(columns, 60)).toBe(
      [
        `0a1b2c3d  ${'n'.repeat(24)}…  leecher  down 5.0 MiB/s`,
        `4e5f6a7b  reef${' '.repeat(21)}  seeder   down 0 B/s`,
      ].join('\n'),
    );
  });

  it('leaves out what tells least before too little is left of that column', () => {
    expect(fitTable(columns, 50).split('\n')[0]).toBe(
      `${'n'.repeat(24)}…  leecher  down 5.0 MiB/s`,
    );
  });

  it('leaves nothing out where it fits or where there is no screen', () => {
    const short = columns.map(({ cells, ...rest }) => ({ ...rest, cells: [cells[1]!] }));
    const line = '4e5f6a7b  reef  seeder  down 0 B/s';
    expect([fitTable(short, 40), fitTable(short, undefined)]).toEqual([line, line]);
    expect(fitTable(columns, undefined)).toMatch(/^0a1b2c3d {2}n{59}… {2}leecher/);
  });

  it('is empty without rows', () => {
    expect(fitTable([{ cells: [] }], 80)).toBe('');
  });
});
