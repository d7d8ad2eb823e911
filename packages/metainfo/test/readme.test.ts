import { readFile } from 'node:fs/promises';
import { temporaryFolder } from '@shoal/testkit';
import { expect, test, vi } from 'vitest';

test('the README shows an example that runs', async () => {
  await using folder = await temporaryFolder();
  const [readme, example] = await Promise.all(
    ['../README.md', './readme-example.ts'].map((path) =>
      readFile(new URL(path, import.meta.url), 'utf8'),
    ),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  const log = vi.spyOn(console, 'log').mockReturnValue();
  vi.stubEnv('TMPDIR', folder.path);
  await import('./readme-example.ts');
  vi.unstubAllEnvs();
  expect(log.mock.calls).toEqual([
    ['hello.txt', 13, 'fc806afb301b90edd5b6e0b237c72d5bd91665b0'],
    [['udp://tracker.example:6969']],
  ]);
});
