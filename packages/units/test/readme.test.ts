import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';

test('the example of the README runs', async () => {
  const readme = await readFile(path.join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const file = path.join(import.meta.dirname, `readme-example-${process.pid}.ts`);
  await writeFile(file, code!);
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await import(pathToFileURL(file).href);
    const address = { host: '2001:db8::1', port: 6881, family: 6 };
    expect(print).toHaveBeenCalledWith(4, 1, address);
  } finally {
    print.mockRestore();
    await rm(file);
  }
});
