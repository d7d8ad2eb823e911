import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';

test('the README shows an example that runs', async () => {
  const [readme, example] = await Promise.all(
    ['../README.md', './readme-example.ts'].map((path) =>
      readFile(new URL(path, import.meta.url), 'utf8'),
    ),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await import('./readme-example.ts');
  expect(log.mock.calls).toEqual([
    [true, 0],
    ['the peer has 31 pieces'],
    ['we may ask'],
    ['piece 7: 16384+16384'],
    ['17 bytes to send'],
  ]);
});
