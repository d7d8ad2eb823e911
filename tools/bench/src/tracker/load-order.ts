/** What a load generator is asked to do: one argument, as JSON. */
import type { WorkloadName } from './workload.ts';

export type LoadKind = 'udp' | 'http' | 'http-keep-alive';

export interface LoadOrder {
  /** Of the tracker on 127.0.0.1. */
  readonly port: number;
  readonly kind: LoadKind;
  readonly workload: WorkloadName;
  /** How long; `full` ends when every peer was announced once. */
  readonly seconds: number | 'full';
  /** Announces a second, whatever the answers take; 0 sends the next one with each answer. */
  readonly ratePerS: number;
}

/** Reads the order that `runLoad` put into the arguments of this process. */
export function readLoadOrder(): LoadOrder {
  return JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
}
