/** How many announces a tracker answers when the next one follows each answer at once. */
import type { Contender, Sample } from '../contender.ts';
import { resetPeak } from '../process-cost.ts';
import type { LoadKind } from './load-order.ts';
import type { LoadReport } from './load-report.ts';
import { runLoad } from './run-load.ts';
import type { TrackerProgram, TrackerServer } from './servers.ts';
import type { Stand } from './stand.ts';
import type { WorkloadName } from './workload.ts';

const SECONDS = 2;

export interface ThroughputOptions {
  readonly stand: Stand;
  readonly program: TrackerProgram;
  readonly workload: WorkloadName;
  readonly kind: LoadKind;
  /** Said with the row. */
  readonly remark?: string;
}

/** Answers a second; CPU of the tracker in microseconds an answer. */
export async function openThroughput(options: ThroughputOptions): Promise<Contender> {
  const { program, workload, kind } = options;
  const server = await options.stand.serve(program, workload);
  return {
    name: program.name,
    async measure(): Promise<Sample> {
      resetPeak(server.process.pid);
      const cpuBeforeS = cpuOf(server);
      const report = await runLoad({
        ...{ port: server.port, kind, workload },
        ...{ seconds: SECONDS, ratePerS: 0 },
      });
      const cpuS = cpuOf(server).map((spentS, part) => spentS - (cpuBeforeS[part] ?? 0));
      return {
        rate: report.answerCount / report.elapsedS,
        cpu: [((cpuS[0] ?? 0) * 1e6) / report.answerCount],
        peakBytes: server.process.cost().peakBytes,
        note: [describe(report, cpuS, server), options.remark].filter(Boolean).join(', '),
      };
    },
    close: async () => {},
  };
}

/** Seconds of the tracker, and of what it needs besides. */
function cpuOf({ process, besides }: TrackerServer): number[] {
  return [process.cost().cpuS, besides?.process.cost().cpuS ?? 0];
}

function describe(report: LoadReport, cpuS: readonly number[], { besides }: TrackerServer): string {
  const percent = (part = 0): string => `${Math.round((part / report.elapsedS) * 100)}%`;
  const busy = [
    `tracker ${percent(cpuS[0])}`,
    ...(besides ? [`${besides.name} ${percent(cpuS[1])}`] : []),
    `generator ${percent(report.cpuS)} of a core`,
  ].join(', ');
  const faults = report.faultCount > 0 ? `, ${report.faultCount} faults` : '';
  return `${busy}; ${report.peersPerAnswer.toFixed(0)} peers an answer${faults}`;
}
