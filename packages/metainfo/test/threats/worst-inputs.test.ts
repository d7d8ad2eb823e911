/** Threats 4 and 7: ten megabytes that are meant to cost time and memory. */
import { join } from 'node:path';
import { eventsOf, ProgramProcess } from '@shoal/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ReadingReport } from './read-worst.ts';
import { WORST_INPUTS } from './worst-inputs.ts';

const MIB = 1_024 * 1_024;
/** A second of processor time, of a machine on which the reference takes no longer than this. */
const LIMIT_MS = 1_000;
const REFERENCE_MS = 100;
/** A file that is read is some hundred bytes, its path and name among them. */
const TORRENT_GROWTH = 160 * MIB;

let report: ReadingReport;

/** In a process of its own: what is resident is then of nothing else. */
beforeAll(async () => {
  const program = new ProgramProcess(join(import.meta.dirname, 'read-worst.ts'), []);
  const ended = await program.ended;
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  [report] = eventsOf(ended) as unknown as [ReadingReport];
});

describe.each(WORST_INPUTS.map((input, index) => ({ ...input, index })))(
  '$name',
  ({ index, code, readAs }) => {
    test('ends as it must', () => {
      expect(report.costs[index]!.code).toBe(code);
    });

    test('takes less than a second', () => {
      const slowness = Math.max(1, report.referenceMs / REFERENCE_MS);
      expect(report.costs[index]!.cpuMs).toBeLessThan(LIMIT_MS * slowness);
    });

    test('takes no more memory than it may', () => {
      const { length, grownBytes } = report.costs[index]!;
      expect(grownBytes).toBeLessThan(readAs === 'bencode' ? 3 * length : TORRENT_GROWTH);
    });
  },
);
