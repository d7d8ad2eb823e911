import { defineConfig } from 'tsup';

/** One configuration for every package: ESM and declarations, entries given on the command line. */
export default defineConfig({
  format: 'esm',
  target: 'es2024',
  platform: 'node',
  dts: true,
  clean: true,
  treeshake: true,
});
