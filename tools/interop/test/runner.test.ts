import { expect, test } from 'vitest';
import type { Case } from '../src/case.ts';
import { runCases, type Tally } from '../src/runner.ts';

const fine: Case = {
  name: 'fine',
  needs: [],
  needsHosts: false,
  limitS: 5,
  run: async () => {},
};
const broken: Case = { ...fine, name: 'broken', run: () => Promise.reject(new Error('no')) };
const lacking: Case = { ...fine, name: 'lacking', needs: ['no-such-program-here'] };

async function runAll(
  isStrict: boolean,
  cases = [fine, broken, lacking],
): Promise<{ tally: Tally; lines: string[] }> {
  const lines: string[] = [];
  const tally = await runCases({
    cases,
    lanes: [undefined],
    obstacle: undefined,
    isStrict,
    signal: new AbortController().signal,
    print: (line) => lines.push(line.replace(/\(.*?\)/, '(n s)')),
  });
  return { tally, lines: lines.filter(Boolean) };
}

test('skips on a desk what lacks a program, and says which', async () => {
  const { tally, lines } = await runAll(false);
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 1, again: [] });
  expect(lines).toEqual([
    'ok    fine (n s)',
    'FAIL  broken (n s): no',
    'skip  lacking: no-such-program-here is not installed',
    'FAIL  broken (n s): no',
  ]);
});

test('fails in CI what lacks a program', async () => {
  expect((await runAll(true)).tally).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
    again: [],
  });
});

test('a case that failed runs once more after all others, and is named when it passes then', async () => {
  let tryCount = 0;
  const moody = async (): Promise<void> => {
    if (++tryCount === 1) throw new Error('not now');
  };
  const { tally, lines } = await runAll(true, [{ ...fine, name: 'moody', run: moody }, fine]);
  expect(tally).toEqual({ passed: 2, failed: 0, skipped: 0, again: ['moody'] });
  expect(lines).toEqual(['FAIL  moody (n s): not now', 'ok    fine (n s)', 'ok    moody (n s)']);
});
