import { PieceLayout, type Transport, toInfoHash, toPeerId } from '@shoal/units';
import { encodeHandshake, encodeMessage, type Message } from '@shoal/wire';
import { expect, test } from 'vitest';
import {
  type Conduct,
  corrupting,
  FakeConnection,
  FakePeer,
  type FakePeerOptions,
  honest,
  ManualClock,
  MemoryNetwork,
  seededRandom,
  shortening,
  silent,
} from '../../src/index.ts';

const layout = new PieceLayout(50_000, 16_384);
const content = seededRandom(1).bytes(50_000);
const infoHash = toInfoHash(seededRandom(2).bytes(20))!;
const peerId = toPeerId(seededRandom(3).bytes(20))!;
const greeting = encodeHandshake({
  infoHash,
  peerId,
  supportsFast: false,
  supportsExtended: false,
  supportsDht: false,
});

interface Meeting {
  readonly clock: ManualClock;
  readonly fake: FakePeer;
  /** Our side, which notes what the fake sends. */
  readonly ours: FakeConnection;
}

/** A fake that listens, and our connection to it after both handshakes. */
async function meet(options: Partial<FakePeerOptions> = {}): Promise<Meeting> {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const fake = new FakePeer({
    network: network.host('10.0.0.1'),
    infoHash,
    layout,
    content,
    ...options,
  });
  const address = await fake.listen();
  const dialled: Transport[] = [];
  void network
    .host('10.0.0.2')
    .dial(address, { timeoutMs: 1000 })
    .then((transport) => dialled.push(transport));
  await clock.advanceUntil(() => dialled.length === 1, 1000);
  const ours = new FakeConnection(dialled[0]!, { handleHandshake() {}, handleMessage() {} });
  ours.transport.start(ours);
  ours.sendBytes(greeting);
  await clock.advance(100);
  return { clock, fake, ours };
}

async function ask(conduct: Conduct): Promise<Message | undefined> {
  const { clock, ours } = await meet({ conduct });
  ours.send({ type: 'interested' });
  ours.send({ type: 'request', pieceIndex: 3, begin: 0, length: 848 });
  await clock.advance(100);
  return ours.received[2];
}

test('greets with its handshake and what it has, and unchokes who is interested', async () => {
  const { clock, ours, fake } = await meet({ pieces: [0, 2] });
  expect(ours.handshake?.infoHash).toEqual(infoHash);
  ours.send({ type: 'interested' });
  await clock.advance(100);
  expect(ours.received).toEqual([
    { type: 'bitfield', bytes: Uint8Array.of(0b1010_0000) },
    { type: 'unchoke' },
  ]);
  expect(fake.connections[0]?.received).toEqual([{ type: 'interested' }]);
});

test('serves the true bytes when it is honest', async () => {
  const block = content.slice(49_152);
  expect(await ask(honest)).toEqual({ type: 'piece', pieceIndex: 3, begin: 0, block });
});

test('serves wrong bytes of the right length when it corrupts', async () => {
  const answer = await ask(corrupting);
  const block = content.slice(49_152);
  block[0]! ^= 0xff;
  expect(answer).toEqual({ type: 'piece', pieceIndex: 3, begin: 0, block });
});

test('serves too few bytes when it shortens', async () => {
  const block = content.slice(49_152, 49_999);
  expect(await ask(shortening)).toMatchObject({ block });
});

test('serves nothing when it is silent', async () => {
  expect(await ask(silent)).toBeUndefined();
});

test('may keep choking, and may never greet', async () => {
  const choking = await meet({ unchokes: false });
  choking.ours.send({ type: 'interested' });
  await choking.clock.advance(100);
  expect(choking.ours.received.map(({ type }) => type)).toEqual(['bitfield']);
  expect((await meet({ greets: false })).ours.handshake).toBeUndefined();
});

test('reads frames however they are cut and glued', async () => {
  const { clock, ours, fake } = await meet();
  const messages: Message[] = [
    { type: 'have', pieceIndex: 1 },
    { type: 'keep-alive' },
    { type: 'piece', pieceIndex: 0, begin: 0, block: new Uint8Array(16_384) },
    { type: 'not-interested' },
  ];
  const stream = Buffer.concat(messages.map(encodeMessage));
  for (let at = 0; at < stream.length; at += 4001) {
    ours.sendBytes(stream.subarray(at, at + 4001));
    await clock.advance(20);
  }
  expect(fake.connections[0]?.received).toEqual(messages);
});

test('dials too, says anything it is told to, and knows when it was closed', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const accepted: Transport[] = [];
  const { address } = await network
    .host('10.0.0.9')
    .listen(0, undefined, (transport) => accepted.push(transport));
  const fake = new FakePeer({ network: network.host('10.0.0.1'), infoHash, layout, content });
  const dialling = fake.dial(address);
  await clock.advance(100);
  const connection = await dialling;
  let length = 0;
  accepted[0]!.start({
    handleBytes: (_bytes, count) => {
      length += count;
    },
    handleDrain() {},
    handleClose() {},
  });
  connection.sendBytes(new Uint8Array(100));
  await clock.advance(100);
  expect(length).toBe(68 + 6 + 100);
  accepted[0]!.close();
  await clock.advance(100);
  expect(connection.isClosed).toBe(true);
});

test('leaves nothing open when it is closed', async () => {
  const { clock, fake, ours } = await meet();
  await fake.close();
  await clock.advance(100);
  expect(ours.isClosed).toBe(true);
});
