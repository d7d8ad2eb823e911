/** `shoal-seeder` as a program of its own. */
import { fileURLToPath } from 'node:url';
import { ProgramProcess } from '@shoal/testkit';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** @param stateHome - its XDG_STATE_HOME */
export function startSeeder(
  args: readonly string[],
  cwd: string,
  stateHome: string,
): ProgramProcess {
  return new ProgramProcess(MAIN, args, { cwd, env: { XDG_STATE_HOME: stateHome } });
}
