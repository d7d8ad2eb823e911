/** One configuration for every app: our packages go into the program, its own dependencies stay outside. */
import { defineConfig } from 'tsup';
import { thirdPartyNotices } from './third-party-notices.ts';
import base from './tsup.config.ts';

/** CommonJS code that ends up in the programs (the DHT's, WebSocket's) calls `require`, which ES modules lack. */
const REQUIRE = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
].join('\n');

export default defineConfig({
  ...base,
  dts: false,
  noExternal: [/^@shoal\//],
  banner: { js: REQUIRE },
  esbuildPlugins: [thirdPartyNotices()],
});
