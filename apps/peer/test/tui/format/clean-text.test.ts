import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../src/tui/format/clean-text.ts';
import { anyText } from '../any-text.ts';
import { HOSTILE_TEXTS } from '../hostile.ts';

const HARMFUL = /[\p{Cc}\p{Bidi_C}\p{DI}\u2028\u2029\ufff9-\ufffb]|\p{Surrogate}/u;

describe('cleanText', () => {
  it.each(Object.entries(HOSTILE_TEXTS))('leaves nothing of a text that %s', (_, text) => {
    const clean = cleanText(text);
    expect(clean).not.toMatch(HARMFUL);
    expect(clean).toMatch(/^a/);
  });

  it('removes an escape sequence with what it carries', () => {
    expect(cleanText('a\x1b]52;c;aGVsbG8=\x07b')).toBe('ab');
    expect(cleanText('a\x1b[38;5;1mb')).toBe('ab');
  });

  it('turns line ends and tabs into one blank', () => {
    expect(cleanText('one\r\n\ttwo')).toBe('one two');
  });

  it('keeps the letters of every script', () => {
    for (const text of ['Ünïcödé', '浮世絵', 'שלום', 'مرحبا', 'हिन्दी', '👩🚀', 'a\u0301'])
      expect(cleanText(text)).toBe(text);
  });

  it('is clean, one line and stable for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(HARMFUL);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });
});
