/** `shoal` as a program of its own. */
import { fileURLToPath } from 'node:url';
import { type Ended, type ProgramOptions, ProgramProcess } from '@shoal/testkit';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export function startShoal(args: readonly string[], options?: ProgramOptions): ProgramProcess {
  return new ProgramProcess(MAIN, args, options);
}

/** Runs it to its end. */
export function shoal(args: readonly string[], options?: ProgramOptions): Promise<Ended> {
  return startShoal(args, options).ended;
}
