import { describe, expect, it } from 'vitest';
import { readRuns } from './ansi-cells.ts';
import { ansiToSvg, DARK, LIGHT } from './ansi-svg.ts';

const PLAIN = { colour: undefined, isBold: false, isDim: false };

describe('readRuns', () => {
  it('cuts a capture into runs of one style, counted in columns', () => {
    expect(readRuns('絵\x1b[1;36mab\x1b[0m\n\x1b[2mc')).toEqual([
      { row: 0, column: 0, width: 2, text: '絵', style: PLAIN },
      { row: 0, column: 2, width: 2, text: 'ab', style: { ...PLAIN, colour: 6, isBold: true } },
      { row: 1, column: 0, width: 1, text: 'c', style: { ...PLAIN, isDim: true } },
    ]);
  });
});

describe('ansiToSvg', () => {
  it('writes letters as text and boxes as shapes', () => {
    const svg = ansiToSvg('a<b \x1b[36m━━', DARK, 8, 1);
    expect(svg).toContain('>a&lt;b</text>');
    expect(svg).toMatch(/<path d="M[^"]*" fill="#5cc8d7"\/>/);
    expect(svg).not.toContain('━');
  });

  it('paints the same screen dark or light', () => {
    const [dark, light] = [DARK, LIGHT].map((look) => ansiToSvg('\x1b[32mok', look, 8, 1));
    expect(dark).toContain('fill="#7fd1a0"');
    expect(light).toContain('fill="#116329"');
  });
});
