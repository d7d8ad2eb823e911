import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { checkClosed, seededRandom, temporaryFolder } from '@shoal/testkit';
import { type PeerAddress, toInfoHash, toPeerId } from '@shoal/units';
import { encodeHandshake, encodeMessage } from '@shoal/wire';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEngine, type EngineHandle } from '../src/index.ts';
import { nextEvent } from './next-event.ts';
import { makeSample, type Sample } from './sample-torrent.ts';

const engines: EngineHandle[] = [];
const sockets: Socket[] = [];
let expectClosed: () => Promise<void>;
beforeEach(() => {
  expectClosed = checkClosed();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  await expectClosed();
});

async function startEngine(stateFolder: string): Promise<EngineHandle> {
  const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder });
  engines.push(engine);
  return engine;
}

const addressOf = (engine: EngineHandle): PeerAddress => ({
  host: '127.0.0.1',
  port: engine.port,
  family: 4,
});

/** A connection to an engine that reads and forgets. */
async function call(engine: EngineHandle): Promise<Socket> {
  const socket = connect(engine.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => socket.destroy());
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

interface Stage {
  readonly sample: Sample;
  readonly seeder: EngineHandle;
  /** Fetches all from the seeder. @returns whether every byte is right */
  leech(): Promise<boolean>;
}

async function makeStage(folder: string): Promise<Stage> {
  const sample = makeSample({ files: [{ path: 'file.bin', length: 3_000_000 }] });
  await sample.writeTo(path.join(folder, 'seed'));
  const seeder = await startEngine(path.join(folder, 'state-1'));
  const seeding = nextEvent(seeder, 'complete');
  const source = { metainfo: sample.metainfo };
  await seeder.add({ source, outputFolder: path.join(folder, 'seed') });
  await seeding;
  return {
    sample,
    seeder,
    async leech() {
      const leecher = await startEngine(path.join(folder, 'state-2'));
      const complete = nextEvent(leecher, 'complete');
      const outputFolder = path.join(folder, 'leech');
      await leecher.add({ source, outputFolder, peers: [addressOf(seeder)] });
      await complete;
      return sample.isIn(outputFolder);
    },
  };
}

describe('a seeder goes on serving while others', () => {
  test('send what is no handshake', async () => {
    await using folder = await temporaryFolder();
    const { sample, seeder, leech } = await makeStage(folder.path);
    const random = seededRandom(1);
    const handshake = (infoHash: Uint8Array): Uint8Array =>
      encodeHandshake({
        infoHash: toInfoHash(infoHash)!,
        peerId: toPeerId(random.bytes(20))!,
        supportsFast: true,
        supportsExtended: true,
        supportsDht: true,
      });
    const good = handshake(sample.metainfo.info.infoHash);
    const openings: Uint8Array[] = [
      random.bytes(1),
      random.bytes(68),
      random.bytes(100_000),
      new Uint8Array(68),
      new TextEncoder().encode('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      good.slice(0, 30),
      good.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
      handshake(random.bytes(20)),
      Buffer.concat([good, random.bytes(1_000)]),
      Buffer.concat([good, Uint8Array.of(255, 255, 255, 255)]),
      Buffer.concat([good, encodeMessage({ type: 'have', pieceIndex: 4_000_000_000 })]),
    ];
    for (const bytes of openings) (await call(seeder)).write(bytes);
    expect(await leech()).toBe(true);
  });

  test('hold three hundred connections open and say nothing', async () => {
    await using folder = await temporaryFolder();
    const { seeder, leech } = await makeStage(folder.path);
    const silent = [];
    for (let n = 0; n < 300; n++) silent.push(await call(seeder));
    // The oldest make room: no more than 256 wait for their handshake.
    await Promise.all(silent.slice(0, 44).map((socket) => socket.closed || once(socket, 'close')));
    expect(await leech()).toBe(true);
    expect(silent.at(-1)!.closed).toBe(false);
  });

  test('end their connections at every point', async () => {
    await using folder = await temporaryFolder();
    const { sample, seeder, leech } = await makeStage(folder.path);
    const opening = Buffer.concat([
      encodeHandshake({
        infoHash: sample.metainfo.info.infoHash,
        peerId: toPeerId(seededRandom(2).bytes(20))!,
        supportsFast: false,
        supportsExtended: false,
        supportsDht: false,
      }),
      encodeMessage({ type: 'interested' }),
      encodeMessage({ type: 'request', pieceIndex: 0, begin: 0, length: 16_384 }),
    ]);
    for (let length = 0; length <= opening.length; length += 6) {
      const socket = await call(seeder);
      socket.write(opening.subarray(0, length));
      if (length % 4 === 0) socket.resetAndDestroy();
      else socket.end();
    }
    expect(await leech()).toBe(true);
  });
});

describe('when the port is taken', () => {
  async function takePort(): Promise<{ server: Server; port: number }> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { server, port: (server.address() as { port: number }).port };
  }

  test('by name, it is an error that names it', async () => {
    await using folder = await temporaryFolder();
    const { server, port } = await takePort();
    const options = { host: '127.0.0.1', stateFolder: folder.path, strictPort: true };
    await expect(createEngine({ ...options, port })).rejects.toMatchObject({
      code: 'port-taken',
      message: `port ${port} is taken`,
    });
    server.close();
    await once(server, 'close');
  });

  test('by default, the next free one is used', async () => {
    await using folder = await temporaryFolder();
    const { server, port } = await takePort();
    const engine = await createEngine({ host: '127.0.0.1', stateFolder: folder.path, port });
    engines.push(engine);
    expect(engine.port).toBeGreaterThan(port);
    expect(engine.port).toBeLessThanOrEqual(port + 9);
    server.close();
    await once(server, 'close');
  });
});
