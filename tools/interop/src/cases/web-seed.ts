/** Web seeds (BEP 19) that are Debian's nginx: a torrent with no peer and no tracker completes. */
import { cp, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { ShoalPeer } from '../clients/shoal-peer.ts';
import { serveFolder } from '../nginx.ts';
import { differences, hashFolder, PAYLOAD_NAME, writePayload } from '../payload.ts';
import { createTorrent } from '../torrent-maker.ts';

interface WebSeedPlan {
  readonly name: string;
  /** What the torrent is made of, below the payload's parent folder. */
  readonly path: string;
  /** Starts the servers. @returns the URLs for the torrent */
  serve(arena: Arena, source: string): Promise<readonly string[]>;
  /** What must be so beside the files. @throws Error when it is not */
  demand?(peer: ShoalPeer, infoHash: string): void;
}

function webSeedCase(plan: WebSeedPlan): Case {
  return {
    name: `web seed: ${plan.name}`,
    needs: ['nginx', 'transmission-show'],
    needsHosts: true,
    limitS: 60,
    run: async (arena) => {
      const source = await arena.subfolder('source');
      const whole = await hashFolder(await writePayload(source));
      const urls = await plan.serve(arena, source);
      const flags = urls.flatMap((url) => ['--web-seed', url]);
      const { path, infoHash } = await createTorrent(arena, join(source, plan.path), ...flags);
      const folder = await arena.subfolder('leech');
      const peer = new ShoalPeer(arena, {
        host: arena.host(1),
        sources: [path],
        folder,
        flags: ['--no-dht', '--no-lsd'],
      });
      await peer.start();
      await peer.done();
      const name = basename(plan.path);
      const expected =
        name === PAYLOAD_NAME ? whole : new Map([[name, whole.get(name) ?? 'not there']]);
      const found = differences(
        expected,
        await hashFolder(name === PAYLOAD_NAME ? join(folder, name) : folder),
      );
      if (found.length > 0) throw new Error(`fetched wrongly: ${found.join(', ')}`);
      plan.demand?.(peer, infoHash);
    },
  };
}

/** Turns bytes of every file over, in every 64 KiB. */
async function spoil(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r+');
    const { size } = await file.stat();
    for (let at = 0; at < size; at += 65_536)
      await file.write(Buffer.from('spoilt').subarray(0, size - at), 0, null, at);
    await file.close();
  }
}

export const webSeedCases: readonly Case[] = [
  webSeedCase({
    name: 'a folder of files, by ranges',
    path: PAYLOAD_NAME,
    serve: async (arena, source) => [await serveFolder(arena, arena.host(2), source)],
  }),
  webSeedCase({
    name: 'one file, at its own URL',
    path: join(PAYLOAD_NAME, 'Reef.bin'),
    serve: async (arena, source) => [
      `${await serveFolder(arena, arena.host(2), source)}${PAYLOAD_NAME}/Reef.bin`,
    ],
  }),
  webSeedCase({
    name: 'a server that ignores ranges, behind a redirect',
    path: PAYLOAD_NAME,
    serve: async (arena, source) => {
      const url = await serveFolder(arena, arena.host(2), source, 'max_ranges 0;');
      const redirect = `return 302 ${url.slice(0, -1)}$request_uri;`;
      return [await serveFolder(arena, arena.host(3), source, redirect)];
    },
  }),
  webSeedCase({
    name: 'one that gives bad data, one that lacks a file, and a good one',
    path: PAYLOAD_NAME,
    serve: async (arena, source) => {
      const [spoilt, poor] = [await arena.subfolder('spoilt'), await arena.subfolder('poor')];
      await cp(source, spoilt, { recursive: true });
      await spoil(spoilt);
      return [
        await serveFolder(arena, arena.host(2), spoilt),
        await serveFolder(arena, arena.host(3), poor),
        await serveFolder(arena, arena.host(4), source),
      ];
    },
    demand: (peer, infoHash) => {
      const failed = peer.eventsOf('hash-failed', infoHash).length;
      if (failed === 0) throw new Error('no piece failed its hash: nothing bad was asked for');
    },
  }),
];
