/** What a process takes of its machine, and how long its work waits. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Between two looks at the event loop: 50 a second cost nothing that shows. */
const DELAY_RESOLUTION_MS = 20;

export interface ProcessLoad {
  /** CPU time since its start, in seconds: of all its threads. */
  readonly cpuS: number;
  /** Memory that it has in RAM, in bytes. */
  readonly memoryLength: number;
  /** How late its event loop came to its timers at worst since the reading before, in seconds. */
  readonly loopDelayS: number;
}

/** Watches this process. */
export class LoadMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });

  constructor() {
    this.#delay.enable();
  }

  read(): ProcessLoad {
    const { user, system } = process.cpuUsage();
    const worstMs = this.#delay.count === 0 ? 0 : this.#delay.max / 1e6 - DELAY_RESOLUTION_MS;
    this.#delay.reset();
    return {
      cpuS: (user + system) / 1_000_000,
      memoryLength: process.memoryUsage.rss(),
      loopDelayS: Math.max(0, worstMs) / 1_000,
    };
  }

  close(): void {
    this.#delay.disable();
  }
}
