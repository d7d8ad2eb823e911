/** Against name servers of the test's own on loopback. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { NameResolver, type NameResolverOptions } from '../../src/client/name-resolver.ts';

const never = new AbortController().signal;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** @param answer - to a question; nothing is silence. @returns its place, and how often it was asked */
async function nameServer(answer: (question: Buffer) => Buffer | undefined) {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const asked = Promise.withResolvers<void>();
  socket.on('message', (question, { address, port }) => {
    asked.resolve();
    const bytes = answer(question);
    if (bytes !== undefined) socket.send(bytes, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { server: `127.0.0.1:${socket.address().port}`, asked: asked.promise };
}

/** The question's id and name again, with a code and, for questions of type A, an address. RFC 1035. */
function answerTo(question: Buffer, code: number, ip: readonly number[] = []): Buffer {
  const nameEnd = question.indexOf(0, 12) + 1;
  const isA = question.readUInt16BE(nameEnd) === 1;
  const head = Buffer.from([
    0,
    0,
    0x81,
    0x80 | code,
    0,
    1,
    0,
    isA && ip.length > 0 ? 1 : 0,
    0,
    0,
    0,
    0,
  ]);
  question.copy(head, 0, 0, 2);
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ip];
  return Buffer.concat([
    head,
    question.subarray(12, nameEnd + 4),
    Buffer.from(isA && ip.length > 0 ? record : []),
  ]);
}

/** The name that is asked for, as it is written. */
function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; question[at] !== 0; at += 1 + question[at]!)
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!));
  return labels.join('.');
}

function resolverWith(server: string, more: Partial<NameResolverOptions> = {}) {
  const lookedUp: string[] = [];
  const resolver = new NameResolver({
    servers: [server],
    readHosts: async () => '127.0.0.1 localhost\n10.0.0.9\tTracker.test # home\n',
    readConf: async () => '',
    lookUp: async (host) => {
      lookedUp.push(host);
      return [{ address: '10.0.0.9', family: 4 }];
    },
    ...more,
  });
  return { resolve: resolver.resolve, lookedUp };
}

describe('a name of the search list', () => {
  const readConf = async (): Promise<string> =>
    'search far.example near.example\noptions ndots:2\n';

  test('is found under the first domain that has it', async () => {
    const asked = new Set<string>();
    const { server } = await nameServer((question) => {
      const name = nameIn(question);
      asked.add(name);
      return name === 'tracker.lab.near.example'
        ? answerTo(question, 0, [10, 96, 0, 7])
        : answerTo(question, name.endsWith('.far.example') ? 2 : 3);
    });
    const { resolve, lookedUp } = resolverWith(server, { readConf });
    expect(await resolve('tracker.lab', never)).toEqual([{ address: '10.96.0.7', family: 4 }]);
    expect([...asked]).toEqual(['tracker.lab.far.example', 'tracker.lab.near.example']);
    expect(lookedUp).toEqual([]);
  });

  test('is none when nobody knows it, whatever befell the longer ones', async () => {
    const { server } = await nameServer((question) =>
      answerTo(question, nameIn(question).endsWith('.near.example') ? 2 : 3),
    );
    const { resolve, lookedUp } = resolverWith(server, { readConf });
    await expect(resolve('tracker.lab', never)).rejects.toMatchObject({
      code: 'ENOTFOUND',
      hostname: 'tracker.lab',
    });
    expect(lookedUp).toEqual([]);
  });

  test('is asked for as it is, and under no other domain, once one is met with silence', async () => {
    const asked = new Set<string>();
    const { server } = await nameServer((question) => {
      const name = nameIn(question);
      asked.add(name);
      return name === 'tracker.lab' ? answerTo(question, 0, [192, 0, 2, 7]) : undefined;
    });
    const { resolve } = resolverWith(server, { readConf, timeoutMs: 50 });
    expect(await resolve('tracker.lab', never)).toEqual([{ address: '192.0.2.7', family: 4 }]);
    expect([...asked]).toEqual(['tracker.lab.far.example', 'tracker.lab']);
  });

  test('is given up at once when nobody wants it, and no other is asked for', async () => {
    const asked: string[] = [];
    const { server, asked: first } = await nameServer((question) => {
      asked.push(nameIn(question));
      return undefined;
    });
    const { resolve, lookedUp } = resolverWith(server, { readConf });
    const stop = new AbortController();
    const found = resolve('tracker.lab', stop.signal);
    await first;
    stop.abort(new Error('the end'));
    await expect(found).rejects.toThrow('the end');
    expect(new Set(asked)).toEqual(new Set(['tracker.lab.far.example']));
    expect(lookedUp).toEqual([]);
  });
});

describe('a name', () => {
  test('is asked of the name servers, and of nobody else when they know it', async () => {
    const { server } = await nameServer((question) => answerTo(question, 0, [192, 0, 2, 7]));
    const { resolve, lookedUp } = resolverWith(server);
    expect(await resolve('tracker.example', never)).toEqual([{ address: '192.0.2.7', family: 4 }]);
    expect(lookedUp).toEqual([]);
  });

  test('that no name server knows is none', async () => {
    const { server } = await nameServer((question) => answerTo(question, 3));
    const { resolve, lookedUp } = resolverWith(server);
    await expect(resolve('tracker.example', never)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(lookedUp).toEqual([]);
  });

  test('goes to the system when the name server refuses to tell', async () => {
    const { server } = await nameServer((question) => answerTo(question, 5));
    const { resolve, lookedUp } = resolverWith(server);
    expect(await resolve('tracker.example', never)).toEqual([{ address: '10.0.0.9', family: 4 }]);
    expect(lookedUp).toEqual(['tracker.example']);
  });

  test.each([
    'tracker',
    'localhost',
    'localhost.',
    'a.localhost',
    'box.local',
    'BOX.Local.',
    'tracker.test',
    'TRACKER.test',
  ])('of this network goes to the system alone: %s', async (host) => {
    const { resolve, lookedUp } = resolverWith('127.0.0.1:1');
    await resolve(host, never);
    expect(lookedUp).toEqual([host]);
  });

  test('is given up at once when nobody wants it, though the name server is silent', async () => {
    const { server, asked } = await nameServer(() => undefined);
    const { resolve, lookedUp } = resolverWith(server);
    const stop = new AbortController();
    const found = resolve('tracker.example', stop.signal);
    await asked;
    stop.abort(new Error('the end'));
    await expect(found).rejects.toThrow('the end');
    expect(lookedUp).toEqual([]);
  });
});

test('a name that the system looks up is given up at once too, though its lookup goes on', async () => {
  const started = Promise.withResolvers<void>();
  const { resolve } = resolverWith('127.0.0.1:1', {
    lookUp: () => {
      started.resolve();
      return new Promise(() => {});
    },
  });
  const stop = new AbortController();
  const found = resolve('box', stop.signal);
  await started.promise;
  stop.abort(new Error('the end'));
  await expect(found).rejects.toThrow('the end');
});

test('two names at a time are looked up by the system, and none that nobody wants any more', async () => {
  const started: string[] = [];
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const { resolve } = resolverWith('127.0.0.1:1', {
    lookUp: async (host) => {
      started.push(host);
      await gates[started.length - 1]!.promise;
      return [];
    },
  });
  const stop = new AbortController();
  const all = ['a', 'b', 'c', 'd'].map((host) =>
    resolve(host, host === 'c' ? stop.signal : never).catch(() => 'given up'),
  );
  stop.abort();
  await Promise.resolve();
  expect(started).toEqual(['a', 'b']);
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(all)).toEqual([[], [], 'given up', []]);
  expect(started).toEqual(['a', 'b', 'd']);
});
