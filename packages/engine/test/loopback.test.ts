import path from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { afterEach, expect, test } from 'vitest';
import { createEngine, type EngineHandle } from '../src/index.ts';
import { nextEvent } from './next-event.ts';
import { makeSample } from './sample-torrent.ts';

const engines: EngineHandle[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function startEngine(stateFolder: string): Promise<EngineHandle> {
  const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder });
  engines.push(engine);
  return engine;
}

test('many files go from a seeder to a leecher over TCP', async () => {
  await using folder = await temporaryFolder();
  const sample = makeSample({
    files: [
      { path: 'a.bin', length: 3_000_001 },
      { path: 'empty', length: 0 },
      { path: 'deep/er/b.bin', length: 1_234_567 },
      { path: 'one', length: 1 },
    ],
  });
  await sample.writeTo(path.join(folder.path, 'seed'));
  const seeder = await startEngine(path.join(folder.path, 'state-1'));
  const leecher = await startEngine(path.join(folder.path, 'state-2'));
  const seeding = nextEvent(seeder, 'complete');
  await seeder.add({
    source: { metainfo: sample.metainfo },
    outputFolder: path.join(folder.path, 'seed'),
  });
  await seeding;
  const complete = nextEvent(leecher, 'complete');
  await leecher.add({
    source: { metainfo: sample.metainfo },
    outputFolder: path.join(folder.path, 'leech'),
    peers: [{ host: '127.0.0.1', port: seeder.port, family: 4 }],
  });
  expect((await complete).length).toBe(sample.bytes.length);
  expect(await sample.isIn(path.join(folder.path, 'leech'))).toBe(true);
});
