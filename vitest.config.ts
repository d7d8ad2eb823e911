import { defineConfig } from 'vitest/config';

/** One configuration for every package: each runs it in its own folder. */
export default defineConfig({
  resolve: { conditions: ['@shoal/source'] },
  ssr: { resolve: { conditions: ['@shoal/source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
