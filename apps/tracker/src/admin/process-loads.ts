/** How much of a core each process of the tracker takes, from one look to the next. Pure. */
import type { ProcessLoad } from '../workers/process-load.ts';

/** One process for people. */
export interface ProcessRow {
  /** The number of a worker; 0 is the first process. */
  readonly worker: number;
  /** 1 is one core. */
  readonly cpuRatio: number;
  readonly memoryLength: number;
  /** How late its event loop was at worst in the last second or half of one. */
  readonly loopDelayS: number;
}

export class ProcessLoads {
  /** As of the last look. */
  rows: readonly ProcessRow[] = [];
  #loads: ReadonlyMap<number, ProcessLoad> = new Map();
  #atMs: number;

  constructor(loads: ReadonlyMap<number, ProcessLoad>, nowMs: number) {
    this.#atMs = nowMs;
    this.look(loads, nowMs);
  }

  look(loads: ReadonlyMap<number, ProcessLoad>, nowMs: number): void {
    const passedS = Math.max(1, nowMs - this.#atMs) / 1_000;
    this.rows = [...loads]
      .sort(([a], [b]) => a - b)
      .map(([worker, { cpuS, ...rest }]) => {
        // One that replaces another begins at nothing.
        const usedS = Math.max(0, cpuS - (this.#loads.get(worker)?.cpuS ?? cpuS));
        return { worker, cpuRatio: usedS / passedS, ...rest };
      });
    this.#loads = new Map(loads);
    this.#atMs = nowMs;
  }
}
