/** Trackers of one's own over loopback: real servers, a real client, time that runs by itself. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { realClock as clock, realRandom as random } from '@shoal/testkit';
import { createTrackerTransport } from '@shoal/tracker/client';
import { hexToInfoHash, idToHex, silentLog, toPeerId } from '@shoal/units';
import { afterEach, describe, expect, it } from 'vitest';
import { OwnTrackers, type TrackedEngine } from '../../src/own-trackers/own-trackers.ts';

const OURS = hexToInfoHash('00112233445566778899aabbccddeeff00112233')!;
const OTHER = hexToInfoHash('ff112233445566778899aabbccddeeff00112233')!;

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

function open() {
  const served: string[] = [];
  const handleServing = (url: string): void => void served.push(url);
  const trackers = new OwnTrackers({ clock, random, log: silentLog, handleServing });
  closing.push(trackers);
  const transport = trackers.preparing(
    createTrackerTransport({ userAgent: 'Test/1.0', clock, random }),
  );
  closing.push(transport);
  const announce = (url: string, port: number, infoHash = OURS, event?: 'stopped') =>
    transport.announce(
      url,
      {
        infoHash,
        peerId: toPeerId(random.bytes(20))!,
        port,
        uploaded: 0,
        downloaded: 0,
        left: 1,
        numWant: 50,
        key: 1,
        ...(event === undefined ? {} : { event }),
      },
      AbortSignal.timeout(10_000),
    );
  return { trackers, served, announce };
}

/** A port on which nothing listens any more. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe('trackers of one’s own', () => {
  it.each(['http', 'udp'])(
    'are served by %s where a torrent says so and nobody does',
    async (scheme) => {
      const [one, two, three] = [open(), open(), open()];
      const url = `${scheme}://127.0.0.1:${await freePort()}/announce`;
      await one.announce(url, 1001);
      const { peers } = await two.announce(url, 1002);
      expect(peers.map(({ port }) => port)).toContain(1001);
      expect([one.served, two.served]).toEqual([[url], []]);
      // The first one ends: whoever announces next is the tracker.
      await one.trackers.close();
      await three.announce(url, 1003);
      expect(three.served).toEqual([url]);
    },
  );

  it('let a person announce again after five seconds', async () => {
    const url = `http://127.0.0.1:${await freePort()}/announce`;
    expect(await open().announce(url, 1001)).toMatchObject({ minIntervalS: 5 });
  });

  it('know their own torrents and no others', async () => {
    const [one, two] = [open(), open()];
    const url = `http://127.0.0.1:${await freePort()}/announce`;
    await one.announce(url, 1001);
    await expect(two.announce(url, 1002, OTHER)).rejects.toThrow('not tracked here');
    await one.announce(url, 1001, OTHER);
    expect((await two.announce(url, 1002, OTHER)).peers).toHaveLength(1);
  });

  it('are not opened to say goodbye', async () => {
    const one = open();
    const url = `http://127.0.0.1:${await freePort()}/announce`;
    await expect(one.announce(url, 1001, OURS, 'stopped')).rejects.toThrow();
    expect(one.served).toEqual([]);
  });

  it('listen where they are told to, follow what comes and goes, and are told of it', async () => {
    const { trackers, served, announce } = open();
    await trackers.serve('127.0.0.1', 0);
    expect(served.map((url) => URL.parse(url)!.protocol)).toEqual(['http:', 'udp:']);
    const [http, udp] = served as [string, string];
    const engine = fakeEngine(false);
    trackers.follow(engine);
    await expect(announce(http, 1001, OTHER)).resolves.toBeDefined(); // our own announce: ours
    engine.tell('torrent-added');
    expect(engine.added).toEqual([http]);
    const stranger = createTrackerTransport({ userAgent: 'Test/1.0', clock, random });
    closing.push(stranger);
    const request = {
      infoHash: OURS,
      peerId: toPeerId(random.bytes(20))!,
      port: 7,
      uploaded: 0,
      downloaded: 0,
      left: 1,
      numWant: 50,
      key: 1,
    };
    const signal = AbortSignal.timeout(10_000);
    const ask = () =>
      stranger.announce(udp, request, signal).then(
        () => 'tracked',
        () => 'not',
      );
    await expect.poll(ask).toBe('tracked');
    engine.tell('torrent-removed');
    await expect.poll(ask).toBe('not');
  });

  it('are not told of private torrents', async () => {
    const { trackers } = open();
    await trackers.serve('127.0.0.1', 0);
    const engine = fakeEngine(true);
    trackers.follow(engine);
    engine.tell('torrent-added');
    expect(engine.added).toEqual([]);
  });

  it('say when the port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    closing.push({ close: () => new Promise((done) => taken.close(() => done())) });
    const { port } = taken.address() as AddressInfo;
    await expect(open().trackers.serve('127.0.0.1', port)).rejects.toMatchObject({
      code: 'port-taken',
    });
  });
});

function fakeEngine(isPrivate: boolean) {
  const added: string[] = [];
  const listeners: ((event: { type: string; infoHash: string }) => void)[] = [];
  const torrent = {
    getDetail: () => ({ isPrivate, trackers: [{ url: 'http://192.0.2.7/announce' }] }),
    addTracker: (url: string) => void added.push(url),
  };
  const engine: TrackedEngine = {
    onEvent: (listener) => listeners.push(listener),
    torrent: () => torrent,
  };
  const tell = (type: string): void => {
    for (const listener of listeners) listener({ type, infoHash: idToHex(OURS) });
  };
  return { ...engine, added, tell };
}
