import { describe, expect, it } from 'vitest';
import { formatDuration } from '../src/duration.ts';
import { barStyle, formatBar, formatPercent } from '../src/progress-bar.ts';
import { StatusLine } from '../src/status-line.ts';

class Sink {
  written = '';
  readonly isTTY: boolean;
  readonly columns = 20;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.written += text;
  }
}

describe('the status line', () => {
  it('is redrawn in place on a terminal, at most ten times a second, and is never too wide', () => {
    const sink = new Sink(true);
    let nowMs = 0;
    const line = new StatusLine(sink, () => nowMs);
    line.update(() => 'one');
    nowMs = 99;
    line.update(() => 'not shown');
    nowMs = 100;
    line.update(() => 'x'.repeat(50));
    line.clear();
    line.clear();
    expect(sink.written).toBe(`\rone\x1b[K\r${'x'.repeat(19)}\x1b[K\r\x1b[K`);
  });

  it('comes back below a line that is printed', () => {
    const sink = new Sink(true);
    const line = new StatusLine(sink, () => 0);
    line.update(() => 'status');
    line.print('a warning');
    expect(sink.written).toBe('\rstatus\x1b[K\r\x1b[Ka warning\nstatus');
  });

  it('is a line every five seconds elsewhere, without escapes, and the last one is true', () => {
    const sink = new Sink(false);
    let nowMs = 0;
    const line = new StatusLine(sink, () => nowMs);
    for (; nowMs <= 12_000; nowMs += 1000) {
      const text = `at ${nowMs}`;
      line.update(() => text);
    }
    line.print('a warning');
    line.clear();
    line.clear();
    expect(sink.written).toBe('at 0\nat 5000\nat 10000\na warning\nat 12000\n');
  });
});

describe('bars and durations', () => {
  it('fills a bar only when all is there', () => {
    const style = barStyle({ LANG: 'C' });
    expect(formatBar(0, 4, style)).toBe('----');
    expect(formatBar(0.999, 4, style)).toBe('###-');
    expect(formatBar(1, 4, style)).toBe('####');
    expect(formatBar(Number.NaN, 4, style)).toBe('----');
    expect(formatBar(7, 4, barStyle({ LANG: 'de_DE.UTF-8' }))).toBe('████');
    expect(formatPercent(0.9999)).toBe('99.9 %');
  });

  it.each([
    [0.25, '0.3 s'],
    [42, '42 s'],
    [65, '1:05'],
    [7384, '2:03:04'],
    [273_600, '3 d 4 h'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
