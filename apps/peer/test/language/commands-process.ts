/** `shoal --commands` as a program of its own, on this machine alone. */
import type { Ended } from '@shoal/testkit';
import { shoal } from '../start-shoal.ts';

const HERE = ['--host', '127.0.0.1', '--port', '0'];

/** @param input - what stands on standard input; it stays open then, as a pipe of another program's */
export function commandsProcess(
  args: readonly string[],
  cwd: string,
  input?: string,
): Promise<Ended> {
  const env = { XDG_STATE_HOME: `${cwd}/state` };
  return shoal([...args, ...HERE], { cwd, env, ...(input === undefined ? {} : { input }) });
}
