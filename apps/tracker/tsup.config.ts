import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import base from '../../tsup.app.config.ts';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** The admin page lies beside the program. */
const adminPage: Plugin = {
  name: 'admin-page',
  setup(build) {
    const { outdir = 'dist' } = build.initialOptions;
    build.onEnd(() =>
      cp('src/admin/page', join(outdir, 'page'), {
        recursive: true,
        filter: (path) => !path.endsWith('.json'),
      }),
    );
  },
};

export default defineConfig({
  ...base,
  esbuildPlugins: [...(base.esbuildPlugins ?? []), adminPage],
});
