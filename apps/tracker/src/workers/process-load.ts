/** What a process takes of its machine. */

export interface ProcessLoad {
  /** CPU time since its start, in seconds: of all its threads. */
  readonly cpuS: number;
  /** Memory that it has in RAM, in bytes. */
  readonly memoryLength: number;
}

/** Of this process. */
export function readLoad(): ProcessLoad {
  const { user, system } = process.cpuUsage();
  return { cpuS: (user + system) / 1_000_000, memoryLength: process.memoryUsage.rss() };
}
