/** `shoal --commands` as a program of its own, on this machine alone. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ended } from '../shoal-process.ts';

const HERE_ALONE = ['--host', '127.0.0.1', '--port', '0', '--no-dht', '--no-lsd'];
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** @param input - what stands on standard input; it stays open then, as a pipe of another program's */
export function commandsProcess(
  args: readonly string[],
  cwd: string,
  input?: string,
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--conditions=@shoal/source', MAIN, ...args, ...HERE_ALONE],
    {
      cwd,
      env: { PATH: process.env.PATH, XDG_STATE_HOME: `${cwd}/state` },
    },
  );
  if (input === undefined) child.stdin.end();
  else child.stdin.write(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
