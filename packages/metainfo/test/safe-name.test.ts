import { anyText } from '@shoal/testkit/any-text';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNameless, safeName } from '../src/safe-name.ts';
import vectors from './vectors/safe-name.json' with { type: 'json' };

test.each(vectors.names)('%j becomes %j', (name, safe) => {
  expect(safeName(name!, false)).toBe(safe);
});

test.each(vectors.onWindows)('%j becomes %j on Windows', (name, safe) => {
  expect(safeName(name!, true)).toBe(safe);
});

describe('a name that is too long', () => {
  test.each([
    ['a'.repeat(240), 'a'.repeat(240)],
    ['a'.repeat(250), 'a'.repeat(240)],
    [`${'a'.repeat(245)}.test`, `${'a'.repeat(240)}.test`],
    [`${'a'.repeat(239)}—abcde.jpg`, `${'a'.repeat(239)}—.jpg`],
    ['©'.repeat(300), '©'.repeat(120)],
    [`${'a'.repeat(250)}.extension-that-is-long`, 'a'.repeat(240)],
    ['\u{1f600}'.repeat(100), '\u{1f600}'.repeat(60)],
    [
      `${'\u{1f600}\u200d'.repeat(99)}\u{1f600}.jpg`,
      `${'\u{1f600}\u200d'.repeat(34)}\u{1f600}.jpg`,
    ],
    [`${'a'.repeat(236)}${'ی\u200c'.repeat(9)}ی.txt`, `${'a'.repeat(236)}ی\u200cی.txt`],
  ])('%# is cut by bytes, not in a character, and keeps its extension', (name, safe) => {
    expect(safeName(name, false)).toBe(safe);
  });
});

test('what is safe stays as it is, and is one component', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 300 }), fc.boolean(), (name, onWindows) => {
      const safe = safeName(name.toWellFormed(), onWindows);
      expect(safeName(safe, onWindows)).toBe(safe);
      expect(safe).toMatch(/^[^/\\\0-\x1f\x7f-\x9f]+$/);
      expect(['.', '..']).not.toContain(safe);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
    }),
    { numRuns: 200 },
  );
});

test('joiners stay where they join, whatever is left out beside them', () => {
  expect(safeName('می\u200cخواهم.txt')).toBe('می\u200cخواهم.txt');
  expect(safeName('👩\u200d👧.txt')).toBe('👩\u200d👧.txt');
  expect(safeName('می\u200e\u200c\u200eخواهم')).toBe('می\u200cخواهم');
  expect(safeName('می\u200c/خواهم\u200c')).toBe('می\u200cخواهم');
  expect(safeName('می\u200c\u0001خواهم')).toBe('می_خواهم');
});

test('what is safe stays so, however it is joined and cut', () => {
  const part = fc.constantFrom(
    'ی',
    '\u200c',
    '\u200d',
    'क',
    '\u094d',
    '👩',
    '\ufe0f',
    'a',
    '.',
    '\u064e',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 150 }), fc.boolean(), (parts, onWindows) => {
      const safe = safeName(parts.join(''), onWindows);
      expect(safeName(safe, onWindows)).toBe(safe);
      expect(safe).not.toMatch(/^[\u200c\u200d]|[\u200c\u200d]{2}|[ -~][\u200c\u200d]|\u200c$/);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
    }),
  );
});

test('says of which name nothing is left', () => {
  expect(['', '.', '..', '/', '\\..', '\u200b', '\u200d'].map(isNameless)).not.toContain(false);
  expect(['_', 'a', '...', '\b'].map(isNameless)).not.toContain(true);
});
