import { describe, expect, test } from 'vitest';
import { withoutJoiners, withoutStrayJoiners } from '../src/joiners.ts';

const NON_JOINER = '\u200c';
const JOINER = '\u200d';

describe('joiners stay', () => {
  test.each([
    ['between Persian letters', 'می\u200cخواهم.txt'],
    ['behind a letter with a mark', 'مِ\u200cی'],
    ['between Arabic letters', 'ب\u200dت'],
    ['between Syriac letters', 'ܒ\u200cܒ'],
    ['behind a virama', 'क्\u200dष क्\u200cष'],
    ['behind a virama at the end, which makes a chillu', 'അവന്\u200d.txt'],
    ['before a virama', 'র\u200d্য'],
    ['in Sinhala', 'ශ්\u200dරී ලංකා'],
    ['between emoji', '👩\u200d👩\u200d👧\u200d👦.txt'],
    ['behind an emoji with a tone of skin', '👩🏽\u200d🚀'],
    ['behind an emoji that is said to be one', '🏳️\u200d🌈 🏴\u200d☠️ 👁️\u200d🗨️'],
  ])('%s', (_, name) => {
    expect(withoutStrayJoiners(name)).toBe(name);
  });
});

describe('joiners go', () => {
  const hidden = [
    ['between ASCII letters', 'in', 'voice'],
    ['at the beginning', '', 'می'],
    ['at the end', 'می', ''],
    ['before the dot of the extension', 'می', '.exe'],
    ['behind ASCII, before Persian', 'PDF', 'ها'],
    ['beside a Persian digit', 'ی', '۱'],
    ['beside a Persian comma', 'ی', '،'],
    ['between Indic letters without a virama', 'क', 'ष'],
    ['between letters that never join', 'д', 'е'],
    ['between ideographs', '日', '本'],
    ['between an emoji and ASCII', '👩', 'a'],
    ['between a digit and an emoji', '1', '👩'],
  ] as const;

  test.each(hidden)('%s', (_, before, after) => {
    for (const joiner of [NON_JOINER, JOINER])
      expect(withoutStrayJoiners(before + joiner + after)).toBe(before + after);
  });

  test('that keep emoji apart, or letters behind a virama from nothing', () => {
    expect(withoutStrayJoiners('👩\u200c👩')).toBe('👩👩');
    expect(withoutStrayJoiners('क्\u200c.txt')).toBe('क्.txt');
  });

  test('when they come in a row', () => {
    for (const row of ['\u200c\u200c', '\u200d\u200c', '\u200d\u200d'])
      expect(withoutStrayJoiners(`می${row}خواهم`)).toBe('میخواهم');
    expect(withoutStrayJoiners('👩\u200d\u200d👩')).toBe('👩👩');
  });
});

test('a text that is too long for a name keeps none, and takes no time', () => {
  expect(withoutStrayJoiners(`${'می\u200c'.repeat(300)}ی`)).toContain('\u200c');
  expect(withoutStrayJoiners('می\u200c'.repeat(1_000_000))).toBe('می'.repeat(1_000_000));
});

test('all of them go where names are compared', () => {
  expect(withoutJoiners('می\u200cخواهم \u200d')).toBe('میخواهم ');
});
