import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { checkClosed } from '@shoal/testkit';
import { NameResolver } from '@shoal/tracker/client';
import { expect, onTestFinished, test } from 'vitest';
import { RangeClient } from '../../src/sources/web-seed/http-range.ts';

const ANSWER =
  'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/9\r\nContent-Length: 5\r\n\r\nshoal';

interface Site {
  readonly url: string;
  /** Requests of each connection. */
  readonly asked: number[];
}

/** @param answers - how many requests a connection gets answered before it is hung up on */
async function serve(answers: (connection: number) => number): Promise<Site> {
  const asked: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const own = asked.push(0) - 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      if (asked[own]!++ < answers(own)) socket.write(ANSWER);
      else socket.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, asked };
}

function openClient(silenceMs?: number): RangeClient {
  const demandClosed = checkClosed();
  const client = new RangeClient('Shoal/test', new NameResolver().resolve, silenceMs);
  onTestFinished(async () => {
    client.close();
    await demandClosed();
  });
  return client;
}

async function read(client: RangeClient, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const bytes of client.read(url, 0, 5, new AbortController().signal)) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

test('what a kept connection does not answer any more is asked again on a new one', async () => {
  const site = await serve(() => 1);
  const client = openClient();
  for (let n = 0; n < 3; n++) expect(await read(client, site.url)).toBe('shoal');
  expect(site.asked).toEqual([2, 2, 1]);
});

test('where one kept connection is closed the others are not asked', async () => {
  const site = await serve((connection) => (connection < 3 ? 1 : 9));
  const client = openClient();
  await Promise.all([1, 2, 3].map(() => read(client, site.url)));
  expect(await read(client, site.url)).toBe('shoal');
  expect(site.asked.toSorted()).toEqual([1, 1, 1, 2]);
});

test('a new connection that is closed without an answer is a failure', async () => {
  const site = await serve((connection) => (connection === 0 ? 1 : 0));
  const client = openClient();
  expect(await read(client, site.url)).toBe('shoal');
  await expect(read(client, site.url)).rejects.toMatchObject({ code: 'broken' });
  expect(site.asked).toEqual([2, 1]);
});

/** What a slow server is asked for: it sends the rest when it is told to. */
async function serveInTwo(): Promise<{ url: string; sendRest(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.write(ANSWER.slice(0, -2)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
  return { url, sendRest: () => void sockets[0]!.write(ANSWER.slice(-2)) };
}

test('a server is given up that is silent, and not one whose bytes we hold back', async () => {
  const site = await serveInTwo();
  const client = openClient(20);
  const stream = client.read(site.url, 0, 5, new AbortController().signal);
  const parts = [(await stream.next()).value];
  // Begun later and over sooner: the first would be by now.
  for (let n = 0; n < 3; n++)
    await expect(read(client, site.url)).rejects.toMatchObject({ code: 'broken' });
  site.sendRest();
  parts.push((await stream.next()).value);
  expect(Buffer.concat(parts as Uint8Array[]).toString()).toBe('shoal');
  await stream.return(undefined);
});

test('a server that falls silent after bytes were held back is given up', async () => {
  const site = await serveInTwo();
  await expect(read(openClient(20), site.url)).rejects.toMatchObject({ code: 'broken' });
});
