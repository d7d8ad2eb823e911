/** Before an app's tests: its program as users get it, which starts in half the time its source takes. */
import { join } from 'node:path';
import { build } from 'tsup';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the program, for `ProgramProcess`. */
    program: string;
  }
}

/** Inside node_modules: packages are found from there, and git does not see it. */
const FOLDER = join(process.cwd(), 'node_modules/.cache/program');

export async function setup(project: TestProject): Promise<void> {
  await build({
    entry: ['src/main.ts'],
    outDir: FOLDER,
    silent: true,
    // It would take most of the build's time.
    treeshake: false,
    esbuildOptions: (options) => {
      options.conditions = ['@shoal/source'];
    },
  });
  project.provide('program', join(FOLDER, 'main.js'));
}
