import { cp } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import base from '../../tsup.app.config.ts';

/** The admin page lies beside the program. */
export default defineConfig({
  ...base,
  onSuccess: () =>
    cp('src/admin/page', 'dist/page', {
      recursive: true,
      filter: (path) => !path.endsWith('.json'),
    }),
});
