/** Tests of ours that run with the numbers of a soak: each takes longer than a test may. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { output } from '../run.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const VITEST = join(ROOT, 'node_modules', '.bin', 'vitest');

interface Soak {
  readonly what: string;
  /** Of the project, and below it. */
  readonly folder: string;
  readonly test: string;
}

const SOAKS: readonly Soak[] = [
  {
    what: 'every call of files and peers fails in its turn, and each transfer ends whole',
    ...{ folder: 'packages/engine', test: 'test/faults/every-call.test.ts' },
  },
  {
    what: 'ten million made-up infohashes, a million that are alike',
    ...{ folder: 'packages/tracker', test: 'test/server/threats/floods.test.ts' },
  },
  {
    what: 'a node of the DHT stores ten thousand peers for others',
    ...{ folder: 'packages/discovery', test: 'test/dht/store-flood.test.ts' },
  },
];

async function run(arena: Arena, { folder, test }: Soak): Promise<void> {
  const argv = [VITEST, 'run', '--config', join(ROOT, 'vitest.config.ts'), test];
  const env = { ...process.env, SHOAL_SOAK: '1' };
  await output(argv, { cwd: join(ROOT, folder), env, signal: arena.signal });
}

export const soakCases: readonly Case[] = SOAKS.map((soak) => ({
  name: `soak: ${soak.what}`,
  needs: [],
  needsHosts: false,
  limitS: 600,
  run: (arena) => run(arena, soak),
}));
