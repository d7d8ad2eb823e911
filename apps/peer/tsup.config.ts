import { defineConfig } from 'tsup';
import base from '../../tsup.config.ts';

/** CommonJS code that ends up in the program (the DHT's) calls `require`, which ES modules lack. */
const REQUIRE = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
].join('\n');

/** One program: our packages go into it, npm's stay outside; the screen is a chunk loaded when it is shown. */
export default defineConfig({
  ...base,
  dts: false,
  noExternal: [/^@shoal\//],
  splitting: true,
  banner: { js: REQUIRE },
});
