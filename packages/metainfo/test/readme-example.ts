import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTorrent, formatMagnet, parseMagnet, parseMetainfo } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';

const path = join(await mkdtemp(join(tmpdir(), 'shoal-')), 'hello.txt');
await writeFile(path, 'hello, swarm\n');

const { bytes } = await createTorrent(path, { trackers: [['udp://tracker.example:6969']] });

const { info, trackers } = parseMetainfo(bytes);
console.log(info.name, info.layout.totalLength, idToHex(info.infoHash));

const link = formatMagnet({
  infoHash: info.infoHash,
  name: info.name,
  trackers: trackers.flat(),
  webSeeds: [],
  peers: [],
});
console.log(parseMagnet(link).trackers);
