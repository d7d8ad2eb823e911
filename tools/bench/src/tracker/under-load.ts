/** A tracker on the first core, a load generator on the second. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender, Sample } from '../contender.ts';
import type { LoadReport } from './load-report.ts';
import type { TrackerProgram } from './servers.ts';

export type LoadKind = 'udp' | 'http' | 'http-keep-alive';

const SECONDS = 3;

/** Answers a second; CPU of the tracker in microseconds an answer. */
export async function openUnderLoad(program: TrackerProgram, kind: LoadKind): Promise<Contender> {
  const server = await program.start();
  try {
    await load(kind, server.port, 'fill');
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    name: program.name,
    async measure(): Promise<Sample> {
      const before = server.process.cost();
      const report = await load(kind, server.port, String(SECONDS));
      const after = server.process.cost();
      if (report.answerCount === 0) throw new Error('no answers');
      const cpuS = after.cpuS - before.cpuS;
      return {
        rate: report.answerCount / report.elapsedS,
        cpu: [(cpuS * 1e6) / report.answerCount],
        peakBytes: after.peakBytes,
        note: describe(report, cpuS),
      };
    },
    close: () => server.close(),
  };
}

function describe(report: LoadReport, cpuS: number): string {
  const percent = (part: number): string => `${Math.round((part / report.elapsedS) * 100)}%`;
  const faults = report.faultCount > 0 ? `, ${report.faultCount} faults` : '';
  return (
    `tracker ${percent(cpuS)} and generator ${percent(report.cpuS)} of a core, ` +
    `${report.peersPerAnswer.toFixed(0)} peers an answer${faults}`
  );
}

async function load(kind: LoadKind, port: number, duration: string): Promise<LoadReport> {
  const script = join(import.meta.dirname, kind === 'udp' ? 'load-udp.ts' : 'load-http.ts');
  const mode = kind === 'http' ? 'close' : 'keep-alive';
  const onSecondCore = ['--cpu-list', '1', process.execPath];
  const { stdout } = await promisify(execFile)(
    'taskset',
    [...onSecondCore, script, String(port), duration, mode],
    { timeout: 60_000 },
  );
  return JSON.parse(stdout) as LoadReport;
}
