import { anyText } from '@shoal/testkit/any-text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanJson, cleanText } from '../src/clean-text.ts';

const HOSTILE = [
  'a\x1b]52;c;ZWNobw==\x07b',
  '\x1b[2J',
  'photo\u202egnp.exe',
  '\u009b31m',
  'line\nbreak\r',
  '\u2066x\u2069',
  '\ud800',
  '\u{e0041}',
];

describe('text from outside', () => {
  it.each(HOSTILE)('keeps no control or bidi character of %j', (text) => {
    expect(cleanText(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u);
  });

  it('keeps ordinary text of any script', () => {
    expect(cleanText('naïve ファイル שלום 👩‍👧')).toBe('naïve ファイル שלום 👩‍👧');
  });

  it('cuts what is too long, by characters', () => {
    expect(cleanText('👍'.repeat(20), 10)).toBe(`${'👍'.repeat(9)}…`);
    expect(cleanText('👍'.repeat(10), 10)).toBe('👍'.repeat(10));
  });

  it('writes JSON that no terminal obeys and that reads back as it was', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.constantFrom(...HOSTILE)), (text) => {
        const json = cleanJson({ text });
        expect(json).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
