import { cp } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import base from '../../tsup.config.ts';

/** CommonJS code that ends up in the program (that of WebSocket) calls `require`, which ES modules lack. */
const REQUIRE = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
].join('\n');

/** One program: our packages go into it, npm's stay outside; the admin page lies beside it. */
export default defineConfig({
  ...base,
  dts: false,
  noExternal: [/^@shoal\//],
  banner: { js: REQUIRE },
  onSuccess: () =>
    cp('src/admin/page', 'dist/page', {
      recursive: true,
      filter: (path) => !path.endsWith('.json'),
    }),
});
