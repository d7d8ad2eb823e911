/** `shoal` as a program of its own. */
import { type Ended, type ProgramOptions, ProgramProcess } from '@shoal/testkit';
import { inject } from 'vitest';

export function startShoal(args: readonly string[], options?: ProgramOptions): ProgramProcess {
  return new ProgramProcess(inject('program'), args, options);
}

/** Runs it to its end. */
export function shoal(args: readonly string[], options?: ProgramOptions): Promise<Ended> {
  return startShoal(args, options).ended;
}
