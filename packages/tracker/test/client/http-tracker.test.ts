import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_ANSWER_LENGTH } from '../../src/client/http-get.ts';
import {
  type AnnounceResponse,
  createTrackerTransport,
  type Resolve,
  type TrackerTransport,
} from '../../src/client/index.ts';
import { encodeAnnounceResponse } from '../../src/protocol/http-announce-response.ts';
import { encodeFailure } from '../../src/protocol/http-answer.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(0xff))!;
const request = {
  infoHash,
  peerId: toPeerId(new Uint8Array(20).fill(9))!,
  port: 6_881,
  uploaded: 0,
  downloaded: 0,
  left: 1,
  numWant: 50,
  key: 1,
};
const peers = [{ host: '192.0.2.1', port: 6_881, family: 4 as const }];
const good = encodeAnnounceResponse({ intervalS: 900, peers });

let clock: ManualClock;
let transport: TrackerTransport;
let checkAllClosed: () => Promise<void>;
let names: Record<string, readonly { address: string; family: number }[]>;
/** What the fake tracker does with a request: the text of its head and the socket. */
let handle: (head: string, socket: Socket) => void;
let port: number;
let sockets: Set<Socket>;
let closeTracker: () => Promise<void>;

const resolve: Resolve = async (host) => {
  const found = names[host];
  if (found === undefined) throw new Error('ENOTFOUND');
  return found;
};

beforeEach(async () => {
  checkAllClosed = checkClosed();
  clock = new ManualClock();
  names = { 't.example': [{ address: '127.0.0.1', family: 4 }] };
  transport = createTrackerTransport({
    userAgent: 'Shoal/test',
    clock,
    random: seededRandom(1),
    resolve,
  });
  sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    let head = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (head.endsWith('\r\n\r\n')) handle(head, socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
  closeTracker = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
});

afterEach(async () => {
  await transport.close();
  await closeTracker();
  await checkAllClosed();
});

function reply(body: Uint8Array, header = '', status = '200 OK'): typeof handle {
  return (_head, socket) => {
    socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n${header}\r\n`);
    socket.end(body);
  };
}

function announce(url = `http://127.0.0.1:${port}/announce`): Promise<AnnounceResponse> {
  return transport.announce(url, request, new AbortController().signal);
}

test('asks exactly what was built, on a connection of its own', async () => {
  let asked = '';
  handle = (head, socket) => {
    asked = head;
    reply(good)(head, socket);
  };
  expect(await announce()).toEqual({ intervalS: 900, peers });
  expect(asked).toContain(`GET /announce?info_hash=${'%FF'.repeat(20)}&peer_id=`);
  expect(asked).toMatch(new RegExp(`\r\nHost: 127.0.0.1:${port}\r\n`, 'i'));
  expect(asked).toMatch(/\r\nUser-Agent: Shoal\/test\r\n/i);
  expect(asked).toMatch(/\r\nConnection: close\r\n/i);
});

test('reads an answer that is compressed', async () => {
  handle = reply(gzipSync(good), 'Content-Encoding: gzip\r\n');
  expect(await announce()).toMatchObject({ intervalS: 900 });
});

test('a refusal says more than the status it comes with', async () => {
  handle = reply(encodeFailure('go away', 120), '', '403 Forbidden');
  await expect(announce()).rejects.toMatchObject({ code: 'failure', retryInS: 120 });
  handle = reply(good, '', '503 Busy');
  await expect(announce()).rejects.toMatchObject({ code: 'http-status', status: 503 });
});

describe('a hostile tracker', () => {
  test('cannot send more than 816 KiB, whatever length it names', async () => {
    const long = new Uint8Array(MAX_ANSWER_LENGTH + 1);
    handle = reply(long);
    await expect(announce()).rejects.toMatchObject({ code: 'too-large' });
    handle = (_head, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(long));
      };
      socket.on('drain', more);
      more();
    };
    await expect(announce()).rejects.toMatchObject({ code: 'too-large' });
  });

  test('cannot send a bomb of zeros', async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    expect(bomb.length).toBeLessThan(MAX_ANSWER_LENGTH);
    handle = reply(bomb, 'Content-Encoding: gzip\r\n');
    await expect(announce()).rejects.toMatchObject({ code: 'too-large' });
  });

  test('cannot send what does not inflate, or a coding nobody asked for', async () => {
    handle = reply(good, 'Content-Encoding: gzip\r\n');
    await expect(announce()).rejects.toMatchObject({ code: 'bad-response' });
    for (const coding of ['br', 'constructor']) {
      handle = reply(good, `Content-Encoding: ${coding}\r\n`);
      await expect(announce()).rejects.toMatchObject({ code: 'bad-response' });
    }
  });

  test('has 30 s in all, however its bytes drip in', async () => {
    handle = (_head, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nd');
    };
    const answer = announce();
    const failed = expect(answer).rejects.toMatchObject({ code: 'timeout' });
    await expect.poll(() => sockets.size).toBe(1);
    await clock.advance(29_000);
    for (const socket of sockets) socket.write('8');
    await clock.advance(1_000);
    await failed;
  });

  test('cannot send a long header', async () => {
    handle = reply(good, `X: ${'x'.repeat(20_000)}\r\n`);
    await expect(announce()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('cannot close without an answer and be a success', async () => {
    handle = (_head, socket) => socket.destroy();
    await expect(announce()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('cannot hold announces by a change of protocol, nor the others of its host', async () => {
    handle = (_head, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    };
    const answers = await Promise.allSettled(Array.from({ length: 33 }, () => announce()));
    const reason = { message: 'the tracker closed the connection without an answer' };
    for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason });
  });
});

describe('redirects', () => {
  const to = (location: string): typeof handle =>
    reply(new Uint8Array(), `Location: ${location}\r\n`, '302 Found');

  test('are followed, five times', async () => {
    let count = 0;
    handle = (head, socket) =>
      (count++ < 5 ? to(`/announce?again=${count}`) : reply(good))(head, socket);
    expect(await announce()).toMatchObject({ intervalS: 900 });
    handle = to('/announce');
    await expect(announce()).rejects.toMatchObject({ code: 'bad-redirect' });
  });

  test.each(['file:///etc/passwd', 'udp://127.0.0.1:6969', 'ftp://x/', '', '//'])(
    'never lead to %j',
    async (location) => {
      handle = to(location);
      await expect(announce()).rejects.toMatchObject({
        code: expect.stringMatching(/^bad-(redirect|url)$/),
      });
    },
  );

  test('never lead to another path of this machine', async () => {
    handle = to('/shutdown');
    await expect(announce()).rejects.toMatchObject({ code: 'forbidden-url' });
  });
});

describe('this machine', () => {
  test.each(['/', '/api/v1/shutdown', '/latest/meta-data/?x'])(
    'is not asked for %s, by address or by a name that leads here',
    async (path) => {
      handle = reply(good);
      for (const host of ['127.0.0.1', 't.example'])
        await expect(announce(`http://${host}:${port}${path}`)).rejects.toMatchObject({
          code: 'forbidden-url',
        });
      expect(sockets.size).toBe(0);
    },
  );

  test('a name that leads here is resolved once for each exchange, and that address is used', async () => {
    handle = reply(good);
    expect(await announce(`http://t.example:${port}/announce`)).toMatchObject({ intervalS: 900 });
    names = {};
    await expect(announce(`http://t.example:${port}/announce`)).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});

test('a name with addresses of both families is asked over both; one that works is enough', async () => {
  handle = reply(good);
  names['t.example'] = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  expect(await announce(`http://t.example:${port}/announce`)).toMatchObject({ peers });
});

test('a cancelled announce rejects with the reason, at once', async () => {
  handle = () => {};
  const cancel = new AbortController();
  const answer = transport.announce(`http://127.0.0.1:${port}/announce`, request, cancel.signal);
  const failed = expect(answer).rejects.toThrow('enough');
  await expect.poll(() => sockets.size).toBe(1);
  cancel.abort(new Error('enough'));
  await failed;
});

test('closing ends what is under way', async () => {
  handle = () => {};
  const failed = expect(announce()).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => sockets.size).toBe(1);
  await transport.close();
  await failed;
  await expect(announce()).rejects.toMatchObject({ code: 'closed' });
});

test('a tracker that is down is unreachable', async () => {
  await closeTracker();
  await expect(announce()).rejects.toMatchObject({ code: 'unreachable' });
});

test('a scrape of many is several requests, none with a URL past 4,000 characters', async () => {
  const heads: string[] = [];
  handle = (head, socket) => {
    heads.push(head);
    reply(Buffer.from('d5:filesdee'))(head, socket);
  };
  const asked = Array.from({ length: 130 }, (_, n) => toInfoHash(new Uint8Array(20).fill(n + 1))!);
  const counts = await transport.scrape(
    `http://127.0.0.1:${port}/announce`,
    asked,
    new AbortController().signal,
  );
  expect(counts).toHaveLength(asked.length);
  expect(heads.length).toBeLessThanOrEqual(4);
  expect(heads.join('').match(/info_hash=/g)).toHaveLength(asked.length);
  for (const head of heads) expect(head.indexOf('\r\n')).toBeLessThan(4_020);
});

test('a URL that has no announce in it cannot be scraped', async () => {
  const scrape = transport.scrape(
    `http://127.0.0.1:${port}/x`,
    [infoHash],
    new AbortController().signal,
  );
  await expect(scrape).rejects.toMatchObject({ code: 'bad-url' });
});
