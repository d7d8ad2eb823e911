/** What a program has written to a terminal, byte by byte. */
import { expect } from 'vitest';

/** Nothing flickers: after the first frame no clear, neither of the screen nor of what is below. */
export function expectNoClears(written: string): void {
  expect(written.split(/\x1b\[[0-3]?J/).length - 1).toBe(0);
}

/** The title of the window, saved, set and put back. */
const TITLES = /\x1b\[2[23];2t|\x1b\]2;(?:\d+% )?shoal\x07/g;

/** Every sequence is one that Ink writes or a title; OSC, DCS, C1 and the like can only come from the data. */
export function expectOnlyOurs(written: string): void {
  const others = written.replace(TITLES, '');
  const sequences = new Set(others.match(/\x1b(?:\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|.)/gs));
  const own = /^\x1b\[(?:[\d;]*[ABCDEFGHJKm]|\?(?:25|1049|2004|2026)[hl])$/;
  expect([...sequences].filter((sequence) => !own.test(sequence))).toEqual([]);
  expect(written).not.toMatch(/[\x80-\x9f\u202e\u200b]/);
}
