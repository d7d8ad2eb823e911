/** One configuration for every app: its program is bundled once, for the tests that start it. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

export default mergeConfig(
  base,
  defineConfig({
    test: {
      globalSetup: fileURLToPath(new URL('tools/testkit/src/bundle-app.ts', import.meta.url)),
    },
  }),
);
