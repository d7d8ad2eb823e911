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

async function runAll(isStrict: boolean): Promise<{ tally: Tally; lines: string[] }> {
  const lines: string[] = [];
  const tally = await runCases({
    cases: [fine, broken, lacking],
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
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 1 });
  expect(lines).toEqual([
    'ok    fine (n s)',
    'FAIL  broken (n s): no',
    'skip  lacking: no-such-program-here is not installed',
  ]);
});

test('fails in CI what lacks a program', async () => {
  expect((await runAll(true)).tally).toEqual({ passed: 1, failed: 2, skipped: 0 });
});
