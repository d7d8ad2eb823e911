import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Linux's folder in memory; what containers have of it by default would be full soon. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 ** 31;

/** Where tests make files. On a disk each one that is synced is waited for: a third of the time of all. */
function scratchFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
}

/** One configuration for every package: each runs it in its own folder. */
export default defineConfig({
  // With one root for all a source is translated once, whichever packages' tests import it.
  root: at('.'),
  resolve: { conditions: ['@shoal/source'] },
  ssr: { resolve: { conditions: ['@shoal/source', 'node', 'import', 'module', 'default'] } },
  test: {
    name: relative(at('.'), process.cwd()),
    dir: process.cwd(),
    // A program is bundled once, for the tests that start it.
    globalSetup: existsSync('bin') ? at('tools/testkit/src/bundle-app.ts') : [],
    include: ['test/**/*.test.{ts,tsx}'],
    // Patience for a machine that is shared: what holds is seen at once, and costs none of it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // On two cores the default is one file at a time, and most wait for a process, a disk or a clock.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // A process per file cost more than most files; what a test changes in its process it puts back.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // What a program of ours costs that a test starts is mostly compiling, which is done once.
    env: {
      NODE_COMPILE_CACHE: at('node_modules/.cache/shoal'),
      TMPDIR: scratchFolder(),
    },
  },
});
