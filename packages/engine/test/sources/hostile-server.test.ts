import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { checkClosed, firstCertificate, seededRandom } from '@shoal/testkit';
import { NameResolver } from '@shoal/tracker/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RangeClient } from '../../src/sources/web-seed/http-range.ts';
import { WebSeedError } from '../../src/sources/web-seed/web-seed-error.ts';

let demandClosed: () => Promise<void>;
let servers: Server[];
beforeEach(() => {
  demandClosed = checkClosed();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  await demandClosed();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

/** A server that says these bytes to whoever asks, and hangs up. */
function saying(bytes: Uint8Array | string): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(bytes));
    }),
  );
}

/** Asks for the first 1,000 bytes. @returns how many came, or the code of the error */
async function fetchFrom(url: string): Promise<number | string> {
  const client = new RangeClient('Shoal/test', new NameResolver().resolve);
  let length = 0;
  try {
    const { signal } = new AbortController();
    for await (const bytes of client.read(url, 0, 1_000, signal)) length += bytes.length;
    return length;
  } catch (error) {
    if (!(error instanceof WebSeedError)) throw error;
    return error.code;
  } finally {
    client.close();
  }
}

const random = seededRandom(3);
const PARTIAL = 'HTTP/1.1 206 Partial Content\r\n';
const RANGE = 'Content-Range: bytes 0-999/5000\r\n';

const ANSWERS: Record<string, readonly [bytes: Uint8Array | string, result: number | string]> = {
  'nothing at all': ['', 'broken'],
  'random bytes': [random.bytes(2_000), 'broken'],
  'half a header': ['HTTP/1.1 206 Part', 'broken'],
  'a header without end': [`${PARTIAL}X: ${'y'.repeat(100_000)}`, 'broken'],
  'a thousand headers': [`${PARTIAL}${'X: y\r\n'.repeat(20_000)}\r\n`, 'broken'],
  'no range': [`${PARTIAL}\r\n${'x'.repeat(1_000)}`, 'broken'],
  'another range': [`${PARTIAL}Content-Range: bytes 7-1006/5000\r\n\r\n`, 'broken'],
  'a range that is no number': [`${PARTIAL}Content-Range: bytes x-y/z\r\n\r\n`, 'broken'],
  'less than it says': [`${PARTIAL}${RANGE}Content-Length: 1000\r\n\r\nshort`, 'broken'],
  'more than was asked for': [`${PARTIAL}${RANGE}\r\n${'x'.repeat(100_000)}`, 1_000],
  'a length below zero': [`${PARTIAL}${RANGE}Content-Length: -5\r\n\r\nxxxxx`, 'broken'],
  'two lengths': [
    `${PARTIAL}${RANGE}Content-Length: 5\r\nContent-Length: 9\r\n\r\nxxxxx`,
    'broken',
  ],
  'a chunk that is no number': [
    `${PARTIAL}${RANGE}Transfer-Encoding: chunked\r\n\r\nzz\r\nxx\r\n`,
    'broken',
  ],
  'a chunk of 2^64 bytes': [
    `${PARTIAL}${RANGE}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\nxx`,
    'broken',
  ],
  'a status that is none': ['HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n', 'broken'],
  'a change of protocols': [
    'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'broken',
  ],
  'a redirect without target': ['HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n', 'gone'],
  'a redirect to nowhere': ['HTTP/1.1 302 Found\r\nLocation: http://[::\r\n\r\n', 'refused'],
  'a redirect to port 99999': [
    'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:99999/\r\n\r\n',
    'refused',
  ],
  'that there are too many': ['HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n', 'busy'],
};

test.each(Object.keys(ANSWERS))('a server that says %s has its own fault', async (name) => {
  const [bytes, result] = ANSWERS[name]!;
  expect(await fetchFrom(`http://127.0.0.1:${await saying(bytes)}/file`)).toBe(result);
});

test('redirects that go round end', async () => {
  const server = http.createServer((request, response) =>
    response.writeHead(302, { location: `${request.url}x`, connection: 'close' }).end(),
  );
  expect(await fetchFrom(`http://127.0.0.1:${await listen(server)}/`)).toBe('refused');
});

test('a server with a certificate that it signed itself is not asked', async () => {
  let askedCount = 0;
  const server = https.createServer(firstCertificate, (_request, response) => {
    askedCount++;
    response.end();
  });
  server.on('tlsClientError', () => {});
  expect(await fetchFrom(`https://127.0.0.1:${await listen(server)}/file`)).toBe('broken');
  expect(askedCount).toBe(0);
});
