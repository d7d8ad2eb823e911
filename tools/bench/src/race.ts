/** Runs the two programs of a row in turn, so that both see the same machine. */
import { type Contender, medianSample, type Row, type Sample } from './contender.ts';
import type { Result } from './table.ts';

export async function race(row: Row, rivalName: string): Promise<Result> {
  const reasons: string[] = [];
  const open = async (what: string, make: () => Promise<Contender>) => {
    try {
      return await make();
    } catch (error) {
      reasons.push(`${what} did not run: ${firstLine(error)}`);
      return undefined;
    }
  };
  const ours = await open('Shoal', row.ours);
  const theirs = await open(rivalName, row.theirs);
  const samples = new Map<Contender, Sample[]>();
  for (let round = 0; round < row.rounds; round += 1) {
    for (const contender of [ours, theirs]) {
      if (!contender) continue;
      try {
        const sample = await contender.measure();
        samples.set(contender, [...(samples.get(contender) ?? []), sample]);
      } catch (error) {
        reasons.push(`${contender.name}, round ${round + 1}: ${firstLine(error)}`);
      }
    }
  }
  await ours?.close();
  await theirs?.close();
  const settle = (contender: Contender | undefined): Sample | undefined => {
    const own = contender && samples.get(contender);
    return own && medianSample(own);
  };
  return {
    title: row.title,
    unit: row.unit,
    cpuUnit: row.cpuUnit,
    rivalName,
    ours: settle(ours),
    theirs: settle(theirs),
    reason: reasons.length > 0 ? reasons.join('; ') : undefined,
  };
}

/** The first line of a message, shortened: the table has no room for a stack. */
function firstLine(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.length > 160 ? `${line.slice(0, 160)} ...` : line;
}
