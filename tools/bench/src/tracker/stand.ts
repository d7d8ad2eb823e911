/**
 * One side of the race: the tracker that runs there stays, with its peers, for the rows that ask
 * for the same one again. Filling 100,000 torrents takes some trackers a minute.
 */
import { runLoad } from './run-load.ts';
import type { TrackerProgram, TrackerServer } from './servers.ts';
import { WORKLOADS, type WorkloadName } from './workload.ts';

export class Stand {
  #server: TrackerServer | undefined;
  #program: TrackerProgram | undefined;
  #workload: WorkloadName | undefined;

  /** @returns the program with every peer announced once */
  async serve(program: TrackerProgram, workload: WorkloadName): Promise<TrackerServer> {
    if (this.#server && this.#program === program && this.#workload === workload) {
      return this.#server;
    }
    await this.close();
    const server = await program.start(WORKLOADS[workload]);
    this.#server = server;
    const { port } = server;
    await runLoad({ port, kind: 'udp', workload, seconds: 'full', ratePerS: 0 });
    this.#program = program;
    this.#workload = workload;
    return server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }
}
