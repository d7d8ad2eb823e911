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

test('says of which name nothing is left', () => {
  expect(['', '.', '..', '/', '\\..', '\u200b'].map(isNameless)).not.toContain(false);
  expect(['_', 'a', '...', '\b'].map(isNameless)).not.toContain(true);
});
