/** Every call of the file system and of the network fails in its turn, over a whole transfer. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { output } from '../run.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const VITEST = join(ROOT, 'node_modules', '.bin', 'vitest');

async function failEachCall(arena: Arena, folder: string, test: string): Promise<void> {
  const argv = [VITEST, 'run', '--config', join(ROOT, 'vitest.config.ts'), test];
  await output(argv, {
    cwd: join(ROOT, folder),
    env: { ...process.env, SHOAL_EVERY_CALL: '1' },
    signal: arena.signal,
  });
}

export const failingCallsCases: readonly Case[] = [
  {
    name: 'failing calls: of files and peers, each in its turn, and every transfer ends whole',
    needs: [],
    needsHosts: false,
    limitS: 300,
    run: (arena) => failEachCall(arena, 'packages/engine', 'test/faults/every-call.test.ts'),
  },
];
