import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_TORRENT_LENGTH } from '@shoal/cli';
import { idToHex } from '@shoal/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAddSources, readAllSources } from '../src/add-source.ts';
import { makeSample, type Sample } from './sample.ts';

const INFO_HASH = '0123456789abcdef0123456789abcdef01234567';

let folder = '';
let sample: Sample;
let server: Server;
let url = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  sample = await makeSample(folder, 'reef', 100_000);
  const torrent = await readFile(sample.torrentPath);
  server = createServer((request, response) => {
    if (request.url === '/reef') response.end(torrent);
    else if (request.url === '/huge') response.end(new Uint8Array(MAX_TORRENT_LENGTH + 1));
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

describe('what may be added', () => {
  it('is a torrent file', async () => {
    const [source] = await readAddSources(sample.torrentPath);
    expect(source).toMatchObject({
      infoHash: idToHex(sample.metainfo.info.infoHash),
      name: 'reef',
    });
  });

  it('is a magnet, or an infohash alone', async () => {
    const magnet = `magnet:?xt=urn:btih:${INFO_HASH}&dn=x`;
    expect(await readAddSources(magnet)).toEqual([{ magnet, infoHash: INFO_HASH, name: 'x' }]);
    expect(await readAddSources(INFO_HASH.toUpperCase())).toMatchObject([{ infoHash: INFO_HASH }]);
  });

  it('is a URL of a torrent file', async () => {
    expect(await readAddSources(`${url}/reef`)).toMatchObject([{ name: 'reef' }]);
    await expect(readAddSources(`${url}/none`)).rejects.toThrow('/none answered 404.');
    await expect(readAddSources(`${url}/huge`)).rejects.toThrow('gave more than 10000000 bytes');
    await expect(readAddSources('http://127.0.0.1:1/x')).rejects.toThrow('gave no answer');
  });

  it('is a folder of torrent files, hidden and other files left out', async () => {
    const many = join(folder, 'many');
    await mkdir(many);
    const torrent = await readFile(sample.torrentPath);
    for (const name of ['b.torrent', 'a.TORRENT', '.c.torrent', 'readme.txt'])
      await writeFile(join(many, name), torrent);
    expect(await readAddSources(many)).toHaveLength(2);
  });

  it('is each torrent once, however often it is named', async () => {
    const sources = await readAllSources([sample.torrentPath, `${url}/reef`, INFO_HASH]);
    expect(sources.map(({ name }) => name)).toEqual(['reef', INFO_HASH]);
  });
});
