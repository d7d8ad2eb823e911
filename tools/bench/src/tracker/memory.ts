/** What a million peers in a thousand torrents take. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender, Sample } from '../contender.ts';
import { residentBytes } from '../process-cost.ts';
import { runLoad } from './run-load.ts';
import type { TrackerProgram } from './servers.ts';
import { peerCountOf, WORKLOADS } from './workload.ts';

const WORKLOAD = '1 M peers';

/**
 * By how much a tracker's resident memory grows, in bytes a peer; less is better. A few peers are
 * announced before: what the program takes to run at all is not counted.
 */
export async function openMemory(program: TrackerProgram): Promise<Contender> {
  const server = await program.start(WORKLOADS[WORKLOAD]);
  const load = { port: server.port, kind: 'udp', ratePerS: 0 } as const;
  return {
    name: program.name,
    async measure(): Promise<Sample> {
      const { pid } = server.process;
      await runLoad({ ...load, workload: '1,000 torrents', seconds: 'full' });
      const alreadyCount = peerCountOf(WORKLOADS['1,000 torrents']);
      const beforeBytes = residentBytes(pid);
      const { cpuS } = server.process.cost();
      const report = await runLoad({ ...load, workload: WORKLOAD, seconds: 'full' });
      const grownBytes = residentBytes(pid) - beforeBytes;
      const cost = server.process.cost();
      return {
        rate: grownBytes / (peerCountOf(WORKLOADS[WORKLOAD]) - alreadyCount),
        cpu: [((cost.cpuS - cpuS) * 1e6) / report.answerCount],
        peakBytes: cost.peakBytes,
      };
    },
    close: () => server.close(),
  };
}

/** As `openMemory` of Shoal; its note says what the store counts itself. */
export async function openMemoryWithStore(program: TrackerProgram): Promise<Contender> {
  const contender = await openMemory(program);
  const script = join(import.meta.dirname, 'store-bytes.ts');
  return {
    ...contender,
    async measure() {
      const sample = await contender.measure();
      const { stdout } = await promisify(execFile)(process.execPath, [script]);
      return { ...sample, note: `the store's own arrays: ${stdout.trim()} B a peer` };
    },
  };
}
