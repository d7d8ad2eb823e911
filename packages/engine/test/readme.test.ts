import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '@shoal/testkit';
import { expect, test } from 'vitest';
import type { EngineHandle, TorrentHandle, TorrentSummary } from '../src/index.ts';

/** What the README's example exports. */
interface Example {
  start(stateFolder: string): Promise<EngineHandle>;
  share(engine: EngineHandle, file: string, folder: string): Promise<TorrentHandle>;
  fetch(
    engine: EngineHandle,
    magnet: string,
    port: number,
    folder: string,
  ): Promise<TorrentSummary>;
}

test('the example of the README moves a file by its magnet', async () => {
  const readme = await readFile(path.join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const file = path.join(import.meta.dirname, `readme-example-${process.pid}.ts`);
  await writeFile(file, code!);
  await using folder = await temporaryFolder();
  try {
    const example = (await import(pathToFileURL(file).href)) as Example;
    await mkdir(path.join(folder.path, 'from'));
    const source = path.join(folder.path, 'from', 'hello.txt');
    await writeFile(source, 'hello, swarm\n'.repeat(10_000));
    const one = await example.start(path.join(folder.path, 'state-1'));
    const two = await example.start(path.join(folder.path, 'state-2'));
    const shared = await example.share(one, source, path.dirname(source));
    const { magnet } = shared.getDetail();
    const summary = await example.fetch(two, magnet, one.port, path.join(folder.path, 'to'));
    expect(summary.haveLength).toBe(130_000);
    expect(await readFile(path.join(folder.path, 'to', 'hello.txt'))).toEqual(
      await readFile(source),
    );
    await Promise.all([one.close(), two.close()]);
  } finally {
    await rm(file);
  }
});
