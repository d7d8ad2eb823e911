/** SIGHUP while announces come without a pause: every one of them is answered. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { afterEach, expect, test } from 'vitest';
import { eventsOf, type Run, ready, runTracker } from './tracker-process.ts';

const ALLOWED = '01'.repeat(20);
const REFUSED = '02'.repeat(20);
const CONNECTION_COUNT = 8;
const RELOAD_COUNT = 10;
const MIN_ANSWERS_A_RELOAD = 50;

let tracker: Run | undefined;

afterEach(async () => {
  await tracker?.end();
});

/** Announces that follow each other on one connection or socket until it is told to stop. */
interface Stream {
  answerCount: number;
  /** Why it broke. */
  fault: string | undefined;
  stop(): void;
}

function httpStream(port: number, infoHash: string, expected: RegExp): Stream {
  const socket = connect(port, '127.0.0.1');
  const announce = (): void => {
    socket.write(
      `GET /announce?info_hash=${infoHash.replaceAll(/../g, '%$&')}&peer_id=-XX0001-000000006881` +
        `&port=6881&uploaded=0&downloaded=0&left=1 HTTP/1.1\r\n\r\n`,
    );
  };
  const stream: Stream = {
    answerCount: 0,
    fault: undefined,
    stop: () => socket.destroy(),
  };
  socket.setEncoding('latin1');
  socket.on('connect', announce);
  socket.on('data', (text: string) => {
    if (!expected.test(text)) stream.fault ??= text;
    stream.answerCount++;
    announce();
  });
  for (const event of ['error', 'end'] as const)
    socket.on(event, () => {
      stream.fault ??= `the connection broke: ${event}`;
    });
  return stream;
}

async function udpStream(port: number): Promise<Stream> {
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const connecting = Buffer.alloc(16);
  connecting.writeBigUInt64BE(0x41727101980n);
  socket.send(connecting);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  const packet = Buffer.alloc(98);
  answer.copy(packet, 0, 8, 16);
  packet.writeUInt32BE(1, 8);
  packet.write(ALLOWED, 16, 'hex');
  packet.writeUInt16BE(6_882, 96);
  const stream: Stream = { answerCount: 0, fault: undefined, stop: () => socket.close() };
  socket.on('message', (bytes: Buffer) => {
    if (bytes.readUInt32BE(0) !== 1) stream.fault ??= bytes.toString('hex');
    stream.answerCount++;
    socket.send(packet);
  });
  socket.send(packet);
  return stream;
}

test('SIGHUP drops no request and no connection, however often it comes', async () => {
  await using folder = await temporaryFolder();
  const list = join(folder.path, 'allow');
  await writeFile(list, `${ALLOWED}\n`);
  tracker = runTracker([
    ...['--http', '127.0.0.1:0', '--udp', '127.0.0.1:0', '--admin', 'off', '--json'],
    ...['--allow', list],
  ]);
  const run = tracker;
  const { http, udp } = await ready(run);
  const portOf = (address: string): number => Number(address.split(':').at(-1));
  const streams = [
    ...Array.from({ length: CONNECTION_COUNT }, () =>
      httpStream(portOf(http), ALLOWED, /^HTTP\/1\.1 200 [\s\S]*10:incompletei[12]e/),
    ),
    httpStream(portOf(http), REFUSED, /^HTTP\/1\.1 200 [\s\S]*14:failure reason/),
    await udpStream(portOf(udp)),
  ];
  for (let reload = 1; reload <= RELOAD_COUNT; reload++) {
    const before = streams.map(({ answerCount }) => answerCount);
    await writeFile(list, `${ALLOWED}\n${String(10 + reload).repeat(20)}\n`);
    run.kill('SIGHUP');
    const reloaded = (): number => eventsOf(run).filter(({ event }) => event === 'reloaded').length;
    await expect.poll(reloaded, { timeout: 10_000 }).toBe(reload);
    for (const [index, stream] of streams.entries())
      await expect
        .poll(() => stream.fault ?? stream.answerCount - before[index]! > MIN_ANSWERS_A_RELOAD, {
          timeout: 10_000,
        })
        .toBe(true);
  }
  for (const stream of streams) stream.stop();
  expect(streams.map(({ fault }) => fault)).toEqual(streams.map(() => undefined));
});
