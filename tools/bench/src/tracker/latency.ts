/** How long answers take when announces come half as fast as the tracker can answer them. */
import type { Contender, Sample } from '../contender.ts';
import type { LoadKind } from './load-order.ts';
import { runLoad } from './run-load.ts';
import type { TrackerProgram } from './servers.ts';
import type { Stand } from './stand.ts';

const SECONDS = 4;
const WORKLOAD = '1,000 torrents';

/** Milliseconds within which 99 of 100 answers are there; less is better. */
export async function openLatency(
  stand: Stand,
  program: TrackerProgram,
  kind: LoadKind,
): Promise<Contender> {
  const server = await stand.serve(program, WORKLOAD);
  const order = { port: server.port, kind, workload: WORKLOAD, seconds: SECONDS } as const;
  const top = await runLoad({ ...order, ratePerS: 0 });
  const ratePerS = Math.round(top.answerCount / top.elapsedS / 2);
  return {
    name: program.name,
    async measure(): Promise<Sample> {
      const cpuBeforeS = server.process.cost().cpuS;
      const report = await runLoad({ ...order, ratePerS });
      const { cpuS, peakBytes } = server.process.cost();
      const reached = report.answerCount / report.elapsedS;
      const faults = report.faultCount > 0 ? `, ${report.faultCount} faults` : '';
      return {
        rate: report.p99Ms,
        cpu: [((cpuS - cpuBeforeS) * 1e6) / report.answerCount],
        peakBytes,
        note: `${Math.round(reached).toLocaleString('en')} of ${ratePerS.toLocaleString('en')} answers/s${faults}`,
      };
    },
    close: async () => {},
  };
}
