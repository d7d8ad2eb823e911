import path from 'node:path';
import type { Discovery } from '@shoal/discovery';
import { temporaryFolder } from '@shoal/testkit';
import { idToHex } from '@shoal/units';
import { expect, test } from 'vitest';
import { createEngine, type EngineHandle } from '../src/index.ts';
import { makeSample } from './sample-torrent.ts';

/** A network of peers that only writes down who asked it. */
class Register implements Discovery {
  readonly source = 'lsd';
  readonly joined = new Set<string>();

  async start(): Promise<void> {}

  join(infoHash: Uint8Array): void {
    this.joined.add(idToHex(infoHash));
  }

  leave(): void {}

  announceNow(): void {}

  onPeers(): () => void {
    return () => {};
  }

  async stop(): Promise<void> {}
}

test('a private torrent is told to its trackers and to nobody else (BEP 27)', async () => {
  await using folder = await temporaryFolder();
  const register = new Register();
  const start = (name: string): Promise<EngineHandle> =>
    createEngine({
      port: 0,
      host: '127.0.0.1',
      stateFolder: path.join(folder.path, name),
      discoveries: [register],
    });
  const engine = await start('state');
  const files = [{ path: 'a.bin', length: 200_000 }];
  const open = makeSample({ files, seed: 3 });
  const secret = makeSample({ files, seed: 5, isPrivate: true });
  const outputFolder = path.join(folder.path, 'out');
  await engine.add({ source: { metainfo: open.metainfo }, outputFolder });
  const torrent = await engine.add({ source: { metainfo: secret.metainfo }, outputFolder });
  const infoHash = idToHex(open.metainfo.info.infoHash);
  await expect.poll(() => [...register.joined]).toEqual([infoHash]);
  await expect.poll(() => torrent.getSummary().status).toBe('downloading');
  expect(torrent.getSummary().isPrivate).toBe(true);
  expect([...register.joined]).toEqual([infoHash]);
  await engine.close();
});
