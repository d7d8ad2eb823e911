import { anyText } from '@shoal/testkit/any-text';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_REQUEST_LENGTH, RequestReader } from '../../src/server/http/request-reader.ts';

interface Seen {
  readonly target: string;
  readonly keepAlive: boolean;
}

/** What a reader makes of bytes that come in these parts; a number is a refusal and the end. */
function read(...parts: readonly string[]): (Seen | number)[] {
  const reader = new RequestReader();
  const seen: (Seen | number)[] = [];
  for (const part of parts) {
    reader.push(Buffer.from(part, 'latin1'));
    for (let result = reader.read(); result !== 'more'; result = reader.read()) {
      if (result !== 'request') return [...seen, result];
      seen.push({ target: reader.target, keepAlive: reader.keepAlive });
    }
  }
  return seen;
}

const plain = 'GET /announce?x=1 HTTP/1.1\r\nHost: t\r\nUser-Agent: x/1\r\n\r\n';
const seenPlain = { target: '/announce?x=1', keepAlive: true };

test('reads a request whole, cut at every place, and byte by byte', () => {
  expect(read(plain)).toEqual([seenPlain]);
  for (let at = 0; at <= plain.length; at++)
    expect(read(plain.slice(0, at), plain.slice(at))).toEqual([seenPlain]);
  expect(read(...plain)).toEqual([seenPlain]);
});

test('reads requests that come together, and keeps what is begun', () => {
  expect(read(plain + plain + plain.slice(0, 9), plain.slice(9))).toEqual([
    seenPlain,
    seenPlain,
    seenPlain,
  ]);
});

test.each([
  ['HTTP/1.1', '', true],
  ['HTTP/1.1', 'Connection: close\r\n', false],
  ['HTTP/1.1', 'connection:Close\r\n', false],
  ['HTTP/1.1', 'Connection: keep-alive\r\n', true],
  ['HTTP/1.0', '', false],
  ['HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
])('%s with %j stays open: %s', (version, header, keepAlive) => {
  expect(read(`GET / ${version}\r\n${header}\r\n`)).toEqual([{ target: '/', keepAlive }]);
});

test.each([
  ['', false],
  ['Accept-Encoding: gzip\r\n', true],
  ['ACCEPT-ENCODING:deflate , GZIP;q=0.5, br\r\n', true],
  ['Accept-Encoding: gzip; q=1.0\r\n', true],
  ['Accept-Encoding: gzip;q=0\r\n', false],
  ['Accept-Encoding: gzip;q=0.000, identity\r\n', false],
  ['Accept-Encoding: deflate, x-gzip2\r\n', false],
  ['X-Forwarded-For: gzip\r\n', false],
])('with %j gzip is taken: %s', (header, acceptsGzip) => {
  const reader = new RequestReader();
  reader.push(Buffer.from(`GET / HTTP/1.1\r\nHost: t\r\n${header}\r\nGET / HTTP/1.1\r\n\r\n`));
  expect([reader.read(), reader.acceptsGzip]).toEqual(['request', acceptsGzip]);
  // The next request is asked anew.
  expect([reader.read(), reader.acceptsGzip]).toEqual(['request', false]);
});

test('knows HEAD from GET, one request at a time', () => {
  const reader = new RequestReader();
  reader.push(Buffer.from('HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n'));
  expect([reader.read(), reader.target, reader.isHead]).toEqual(['request', '/a', true]);
  expect([reader.read(), reader.target, reader.isHead]).toEqual(['request', '/b', false]);
});

test('takes a whole URL for its path', () => {
  expect(read('GET http://tracker.example:80/announce?x HTTP/1.1\r\n\r\n')).toMatchObject([
    { target: '/announce?x' },
  ]);
});

describe('refuses', () => {
  test.each([
    ['POST /announce HTTP/1.1\r\n\r\n', 405],
    ['head / HTTP/1.1\r\n\r\n', 400],
    ['HEADS / HTTP/1.1\r\n\r\n', 405],
    ['GET / HTTP/2.0\r\n\r\n', 505],
    ['GET / FTP/1.1\r\n\r\n', 400],
    ['GET /\r\n\r\n', 400],
    ['GET  HTTP/1.1\r\n\r\n', 400],
    ['GET announce HTTP/1.1\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nno colon\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n: x\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello', 400],
    ['GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['\u0016\u0003\u0001\u0002\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nContent-Length : 5\r\n\r\nhello', 400],
    ['GET / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nA: b\r\n Content-Length: 5\r\n\r\nhello', 400],
    ['GET / HTTP/1.1\r\n Content-Length: 5\r\n\r\nhello', 400],
    ['GET / HTTP/1.1\r\nA: b\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nA: b\rContent-Length: 5\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nA: b\0\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nA\0b: c\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nA(b): c\r\n\r\n', 400],
    ['GET /\n HTTP/1.1\r\n\r\n', 400],
    ['GET /\0 HTTP/1.1\r\n\r\n', 400],
    ['GET / HTTP/1.1\n\r\n\r\n', 505],
  ])('%j with status %i', (text, status) => {
    expect(read(text)).toEqual([status]);
  });

  test('a head past 8 KiB, however it comes, and keeps no more of it', () => {
    const long = `GET /${'x'.repeat(MAX_REQUEST_LENGTH)} HTTP/1.1\r\n\r\n`;
    expect(read(long)).toEqual([431]);
    expect(read(...long)).toEqual([431]);
  });

  test.each(['', 'A:\r\n', "!#$%&'*+-.^_`|~09aZ: \t\u00ff:\u0001\r\n", 'a:b\r\nc: d\r\n'])(
    'no header lines that are good: %j',
    (lines) => {
      expect(read(`GET / HTTP/1.1\r\n${lines}\r\n${plain}`)).toHaveLength(2);
    },
  );

  test('nothing that a GET of length 0 says of its body', () => {
    expect(read('GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n')).toHaveLength(1);
  });
});

test('any bytes are requests or a refusal', () => {
  const piece = fc.oneof(
    fc.constantFrom('GET ', '/a', ' HTTP/1.1', '\r\n', '\r\n\r\n', 'Connection', ':', 'close'),
    anyText({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      for (const seen of read(...pieces))
        if (typeof seen !== 'number') expect(seen.target).toMatch(/^\//);
    }),
    { numRuns: 2_000 },
  );
});
