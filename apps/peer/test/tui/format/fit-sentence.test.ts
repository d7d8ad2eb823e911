import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/tui/format/fit.ts';
import { fitSentence } from '../../../src/tui/format/fit-sentence.ts';
import { anyText } from '../any-text.ts';

describe('fitSentence', () => {
  it('cuts the name in its middle, and leaves what is said of it', () => {
    const name = `${'a'.repeat(50)}.iso`;
    expect(fitSentence(`! ${name} is paused`, name, 30)).toBe('! aaaaaaaaa…aaaa.iso is paused');
  });

  it('leaves alone what fits', () => {
    expect(fitSentence('reef is paused', 'reef', 14)).toBe('reef is paused');
  });

  it('cuts the sentence where too little would be left of the name', () => {
    expect(fitSentence('reef is paused', 'reef', 10)).toBe('reef is p…');
    expect(fitSentence('asking the trackers of a-long-name for peers', 'a-long-name', 20)).toBe(
      'asking the trackers…',
    );
  });

  it('never takes more than its columns, whatever the name', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (name, width) => {
        const shown = fitSentence(`✓ ${name} is complete`, name, width);
        expect(textWidth(shown)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
