/** Bundles the demo of the screen, so that plain Node runs it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'tsup';

const HERE = import.meta.dirname;
/** Inside node_modules: packages are found from there, and git does not see it. */
const OUTPUT = join(HERE, '../../node_modules/.cache');
/** Files that run at once each have a bundle of their own: a build empties its folder first. */
const WORKER = process.env.VITEST_POOL_ID ?? '0';
/** CommonJS code in it calls `require`. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** @returns the path of the script */
export async function buildDemo(): Promise<string> {
  const outDir = join(OUTPUT, `demo-${WORKER}`);
  await mkdir(outDir, { recursive: true });
  await build({
    entry: [join(HERE, 'demo.tsx')],
    outDir,
    banner: { js: REQUIRE },
    format: 'esm',
    target: 'es2024',
    platform: 'node',
    config: false,
    silent: true,
    clean: true,
    outExtension: () => ({ js: '.mjs' }),
    external: [/^ink$/, /^react/, /^string-width$/, /^commander$/],
    noExternal: [/^@shoal\//],
    esbuildOptions: (options) => {
      options.conditions = ['@shoal/source'];
      options.jsx = 'automatic';
    },
  });
  return join(outDir, 'demo.mjs');
}
