import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ManualClock, temporaryFolder } from '@shoal/testkit';
import type { Resolve } from '@shoal/tracker/client';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine, type EngineHandle } from '../../src/index.ts';
import { nextEvent } from '../next-event.ts';
import { makeSample, type Sample } from '../sample-torrent.ts';

interface Site {
  readonly url: string;
  /** Paths and ranges asked for. */
  readonly asked: { path: string; range: string | undefined }[];
  /** Most requests under way at a time. */
  mostAtOnce: number;
}

/** A small file server; `answer` may change what it says. */
async function serve(
  files: ReadonlyMap<string, Uint8Array>,
  answer: {
    ignoresRanges?: boolean;
    corrupts?: boolean;
    status?: number;
    redirectTo?: string;
    /** Others are told that it is busy. */
    requestLimit?: number;
    /** It bears all of them once it was busy for so many; until then only the first is answered. */
    busyCount?: number;
    /** Every answer takes so long. */
    delayMs?: number;
    /** All answers but the first (the first `alone`) wait until so many are asked for at a time. */
    gathers?: number;
    alone?: number;
  } = {},
): Promise<Site> {
  const asked: Site['asked'] = [];
  const site: Site = { url: '', asked, mostAtOnce: 0 };
  let atOnce = 0;
  const { requestLimit, busyCount, gathers, alone = 1 } = answer;
  let refusedCount = 0;
  const gathered = Promise.withResolvers<void>();
  const wasBusy = Promise.withResolvers<void>();
  const server = http.createServer(async (request, response) => {
    const { url = '', headers } = request;
    if (atOnce === requestLimit && refusedCount !== busyCount) {
      if (++refusedCount === busyCount) wasBusy.resolve();
      return response.writeHead(503).end();
    }
    site.mostAtOnce = Math.max(site.mostAtOnce, ++atOnce);
    response.on('close', () => atOnce--);
    if (asked.length > 0 && busyCount !== undefined) await wasBusy.promise;
    if (asked.length >= alone) {
      if (atOnce === gathers) gathered.resolve();
      if (gathers !== undefined) await gathered.promise;
    }
    await setTimeout(answer.delayMs ?? 0);
    asked.push({ path: url, range: headers.range });
    const bytes = files.get(decodeURIComponent(url).slice(1));
    if (answer.redirectTo !== undefined)
      return response.writeHead(302, { location: answer.redirectTo + url }).end();
    if (answer.status !== undefined) return response.writeHead(answer.status).end();
    if (bytes === undefined) return response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    if (range === null || answer.ignoresRanges) return response.writeHead(200).end(bytes);
    const part = bytes.slice(Number(range[1]), Number(range[2]) + 1);
    if (answer.corrupts) part[0]! ^= 1;
    const from = Number(range[1]);
    const span = `bytes ${from}-${from + part.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-range': span }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(site, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

const FILES = [
  { path: 'a b/first.bin', length: 700_001 },
  { path: 'empty', length: 0 },
  { path: 'second.bin', length: 300_000 },
];

function filesOf(sample: Sample): Map<string, Uint8Array> {
  let at = 0;
  return new Map(
    FILES.map(({ path: name, length }) => {
      const bytes = sample.bytes.slice(at, at + length);
      at += length;
      return [`sample/${name}`, bytes];
    }),
  );
}

/** Fetches while the clock stands still: nothing waits for a tick. */
async function fetchFrom(
  webSeeds: readonly string[],
  sample: Sample,
  { downBytesPerS, resolve }: { downBytesPerS?: number; resolve?: Resolve } = {},
) {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const clock = new ManualClock();
  const engine: EngineHandle = await createEngine({
    port: 0,
    host: '127.0.0.1',
    stateFolder: path.join(folder.path, 'state'),
    clock,
    ...(resolve === undefined ? {} : { resolve }),
  });
  onTestFinished(() => engine.close());
  const complete = nextEvent(engine, 'complete');
  const output = path.join(folder.path, 'out');
  const torrent = await engine.add({
    source: { metainfo: { ...sample.metainfo, webSeeds } },
    outputFolder: output,
    limits: { downBytesPerS },
  });
  return { torrent, clock, complete, isWhole: () => sample.isIn(output) };
}

test('a torrent of many files without any peer completes from a web seed', async () => {
  const sample = makeSample({ files: FILES });
  const site = await serve(filesOf(sample));
  const { complete, isWhole } = await fetchFrom([site.url], sample);
  await complete;
  expect(await isWhole()).toBe(true);
  expect(site.asked.every(({ range }) => range !== undefined)).toBe(true);
});

test('its name is asked of the resolver that the engine was given', async () => {
  const sample = makeSample({ files: FILES });
  const site = await serve(filesOf(sample));
  const asked: string[] = [];
  const resolve: Resolve = async (host) => {
    asked.push(host);
    return [{ address: '127.0.0.1', family: 4 }];
  };
  const url = site.url.replace('127.0.0.1', 'seed.example');
  const { complete, isWhole } = await fetchFrom([url], sample, { resolve });
  await complete;
  expect(await isWhole()).toBe(true);
  expect(new Set(asked)).toEqual(new Set(['seed.example']));
});

test('a server that answers 200 to a range is used all the same', async () => {
  const sample = makeSample({ files: FILES });
  const site = await serve(filesOf(sample), { ignoresRanges: true });
  const { complete, isWhole } = await fetchFrom([`${site.url}/`], sample);
  await complete;
  expect(await isWhole()).toBe(true);
});

test('redirects are followed', async () => {
  const sample = makeSample({ files: FILES });
  const site = await serve(filesOf(sample));
  const detour = await serve(new Map(), { redirectTo: site.url });
  const { complete } = await fetchFrom([detour.url], sample);
  await complete;
});

test('a redirect to nowhere ends that web seed, and the next one completes the torrent', async () => {
  const sample = makeSample({ files: FILES });
  const targets = ['http://[bad', 'http://%E0%A4%A@127.0.0.1', 'file:///etc/passwd', 'http://'];
  const detours = await Promise.all(targets.map((redirectTo) => serve(new Map(), { redirectTo })));
  const good = await serve(filesOf(sample));
  const urls = [...detours, good].map(({ url }) => url);
  const { complete, torrent } = await fetchFrom(urls, sample);
  await complete;
  const troubles = torrent.getDetail().log.filter(({ text }) => text.startsWith('web seed'));
  expect(troubles).toHaveLength(targets.length);
  expect(detours.map(({ asked }) => asked.length)).toEqual([1, 1, 1, 1]);
});

test('a web seed with bad data is not asked again, and a good one completes the torrent', async () => {
  const sample = makeSample({ files: FILES });
  const bad = await serve(filesOf(sample), { corrupts: true });
  const good = await serve(filesOf(sample));
  const { complete, torrent, isWhole } = await fetchFrom([bad.url, good.url], sample);
  await complete;
  expect(await isWhole()).toBe(true);
  const words = torrent.getDetail().log.map(({ text }) => text);
  expect(words.some((text) => text.includes(bad.url) && text.includes('bad data'))).toBe(true);
});

test('a web seed without the files is left alone, and says so once', async () => {
  const sample = makeSample({ files: FILES });
  const site = await serve(new Map());
  const { torrent, clock } = await fetchFrom([site.url], sample);
  const troubles = async () => {
    await clock.advance(1_000);
    return torrent.getDetail().log.filter(({ text }) => text.includes('404')).length;
  };
  await expect.poll(troubles, { interval: 10 }).toBe(1);
  await clock.advance(600_000);
  expect(await troubles()).toBe(1);
  expect(site.asked).toHaveLength(2);
  expect(torrent.getSummary().status).toBe('downloading');
});

/** Files of a piece each. */
const MANY = {
  files: Array.from({ length: 20 }, (_, n) => ({ path: `${n}.bin`, length: 16_384 })),
  pieceLength: 16_384,
};

/** The files of MANY for which `isThere` says so. */
function someOf(sample: Sample, isThere: (n: number) => boolean): Map<string, Uint8Array> {
  const files = MANY.files.map(({ path: name, length }, n) => {
    return [`sample/${name}`, sample.bytes.slice(n * length, (n + 1) * length)] as const;
  });
  return new Map(files.filter((_, n) => isThere(n)));
}

test('a web seed that lacks files sends the others, and is asked for those again after an hour', async () => {
  const sample = makeSample(MANY);
  const files = someOf(sample, (n) => n % 3 > 0);
  const site = await serve(files);
  const { torrent, clock, complete } = await fetchFrom([site.url], sample);
  await expect.poll(() => torrent.getSummary().havePieceCount).toBe(13);
  await expect.poll(() => new Set(site.asked.map(({ path: name }) => name)).size).toBe(20);
  const askedCount = site.asked.length;
  for (const [name, bytes] of someOf(sample, () => true)) files.set(name, bytes);
  await clock.advance(3_590_000);
  expect(site.asked).toHaveLength(askedCount);
  expect(torrent.getDetail().log.filter(({ text }) => text.includes('404'))).toHaveLength(1);
  await clock.advance(20_000);
  await complete;
});

test('ten files in a row that are not there are enough for a web seed to be left alone', async () => {
  const sample = makeSample(MANY);
  const site = await serve(new Map());
  const { torrent, clock } = await fetchFrom([site.url], sample);
  await expect.poll(() => site.asked.length).toBe(10);
  await clock.advance(3_590_000);
  expect(site.asked).toHaveLength(10);
  expect(torrent.getDetail().log.filter(({ text }) => text.includes('404'))).toHaveLength(2);
});

/** Of a piece of 3 MiB a run holds one. */
const LONG = { files: [{ path: 'long.bin', length: 21 << 20 }], pieceLength: 3 << 20 };

test('once a run came whole, six are under way at a time', async () => {
  const sample = makeSample(LONG);
  const site = await serve(new Map([['sample/long.bin', sample.bytes]]), { gathers: 6 });
  const { complete, isWhole } = await fetchFrom([site.url], sample);
  await complete;
  expect(await isWhole()).toBe(true);
  expect(site.mostAtOnce).toBe(6);
  expect(site.asked).toHaveLength(7);
});

test('a server that bears two requests at a time is asked two, and that is no trouble', async () => {
  const sample = makeSample(LONG);
  const options = { delayMs: 20, requestLimit: 2 };
  const site = await serve(new Map([['sample/long.bin', sample.bytes]]), options);
  const { complete, isWhole, torrent } = await fetchFrom([site.url], sample);
  await complete;
  expect(await isWhole()).toBe(true);
  expect(site.asked).toHaveLength(7);
  expect(torrent.getDetail().log.some(({ text }) => text.includes('web seed'))).toBe(false);
});

test('a server that was busy for a while is asked more at a time again', async () => {
  const pieceLength = (2 << 20) + 16_384;
  const sample = makeSample({
    files: [{ path: 'long.bin', length: 14 * pieceLength }],
    pieceLength,
  });
  const options = { requestLimit: 1, busyCount: 5, gathers: 2, alone: 10 };
  const site = await serve(new Map([['sample/long.bin', sample.bytes]]), options);
  const { complete, isWhole } = await fetchFrom([site.url], sample);
  await complete;
  expect(await isWhole()).toBe(true);
  expect(site.asked).toHaveLength(14);
  expect(site.mostAtOnce).toBe(2);
});

/** Lets time pass while the server answers. */
async function passUntil(end: Promise<unknown>, clock: ManualClock): Promise<void> {
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  const pass = async () => {
    await clock.advance(50);
    return isOver;
  };
  await expect.poll(pass, { interval: 1, timeout: 10_000 }).toBe(true);
}

/** The lengths of the ranges that a server was asked for. */
function lengthsOf({ asked }: Site): number[] {
  return asked.map(({ range }) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range!)!;
    return Number(last) - Number(first) + 1;
  });
}

test('under a limit as much is asked for as flows in a second, and what it was asked for is used', async () => {
  const sample = makeSample({ files: FILES });
  const site = await serve(filesOf(sample));
  const { clock, complete, isWhole } = await fetchFrom([site.url], sample, {
    downBytesPerS: 100_000,
  });
  await passUntil(complete, clock);
  expect(await isWhole()).toBe(true);
  const lengths = lengthsOf(site);
  expect(Math.max(...lengths)).toBe(100_000);
  expect(lengths.reduce((sum, length) => sum + length)).toBe(sample.bytes.length);
  // A second each for all but the first burst.
  expect(clock.nowMs()).toBeGreaterThan(9_000);
});

test('a server that ignores ranges is asked once for a run, whatever the limit', async () => {
  const sample = makeSample({ files: [{ path: 'long.bin', length: 300_000 }] });
  const options = { ignoresRanges: true };
  const site = await serve(new Map([['sample/long.bin', sample.bytes]]), options);
  const { clock, complete, isWhole } = await fetchFrom([site.url], sample, {
    downBytesPerS: 40_000,
  });
  await passUntil(complete, clock);
  expect(await isWhole()).toBe(true);
  expect(lengthsOf(site)).toEqual([40_000, 260_000]);
});
