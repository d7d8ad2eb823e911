/** `shoal-seeder` as a program of its own. */
import { ProgramProcess } from '@shoal/testkit';
import { inject } from 'vitest';

/** @param stateHome - its XDG_STATE_HOME */
export function startSeeder(
  args: readonly string[],
  cwd: string,
  stateHome: string,
): ProgramProcess {
  return new ProgramProcess(inject('program'), args, { cwd, env: { XDG_STATE_HOME: stateHome } });
}
