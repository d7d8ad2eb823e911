import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { tempFolder } from './temp-folder.ts';

it('the README shows an example that runs', async () => {
  const [readme, example] = await Promise.all(
    ['../README.md', './readme-example.ts'].map((path) =>
      readFile(new URL(path, import.meta.url), 'utf8'),
    ),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  const log = vi.spyOn(console, 'log').mockReturnValue();
  vi.stubEnv('TMPDIR', await tempFolder());
  await import('./readme-example.ts');
  vi.unstubAllEnvs();
  expect(log.mock.calls).toEqual([[' by'], ['chunk ']]);
});
