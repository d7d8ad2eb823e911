import type { FakeConnection } from '@shoal/testkit';
import type { Transport } from '@shoal/units';
import {
  EXTENSION_NAME,
  encodeExtendedHandshake,
  encodeMessage,
  encodeMetadataMessage,
  encodePexMessage,
  type Message,
} from '@shoal/wire';
import { expect, test } from 'vitest';
import { type Node, SwarmStage } from './swarm-stage.ts';

const MIB = 1024 * 1024;
/** The number by which the engine wants ut_metadata. */
const METADATA_ID = 1;
/** And ut_pex. */
const PEX_ID = 2;

/** A seeder whose ends of incoming streams are kept. */
async function openSeeder(stage: SwarmStage): Promise<{ seeder: Node; accepted: Transport[] }> {
  const accepted: Transport[] = [];
  const host = stage.network.host('10.0.0.1');
  const listen = host.listen.bind(host);
  host.listen = (port, name, accept) =>
    listen(port, name, (transport) => {
      accepted.push(transport);
      accept(transport);
    });
  return { seeder: await stage.seed(1), accepted };
}

/** A fake peer that shook hands with the seeder and from then on reads nothing. */
async function deafPeer(stage: SwarmStage, n: number, seeder: Node): Promise<FakeConnection> {
  const options = { supportsFast: true, supportsExtended: true, pieces: [] };
  const { peer } = await stage.fake(n, options, { windowLength: 65_536 });
  const connection = await stage.settle(peer.dial(seeder.address));
  await stage.until(() => connection.received.length > 0, 5_000);
  const extensions = new Map([[EXTENSION_NAME.metadata, METADATA_ID]]);
  const payload = encodeExtendedHandshake({ extensions });
  connection.send({ type: 'extended', extendedId: 0, payload });
  connection.send({ type: 'interested' });
  await stage.clock.advance(1_000);
  connection.transport.pause();
  return connection;
}

const reasons = (seeder: Node): string[] =>
  seeder.eventsOf('peer-left').map(({ reason }) => reason);

const asked = { pieceIndex: 0, begin: 0, length: 16_384 } as const;

/** Four thousand requests, each of them taken back at once. */
const TAKEN_BACK = new Uint8Array(
  Buffer.concat(
    Array.from({ length: 8_000 }, (_, n) =>
      encodeMessage({ type: n % 2 === 0 ? 'request' : 'cancel', ...asked }),
    ),
  ),
);

test('a peer that takes back each request and reads no answer costs two megabytes and no more', async () => {
  await using stage = await SwarmStage.open();
  const { seeder, accepted } = await openSeeder(stage);
  const deaf = await deafPeer(stage, 1, seeder);
  let mostWaiting = 0;
  for (let n = 0; n < 20; n++) {
    deaf.sendBytes(TAKEN_BACK);
    await stage.clock.advance(50);
    mostWaiting = Math.max(mostWaiting, accepted[0]!.bufferedLength);
  }
  expect(mostWaiting).toBeGreaterThan(2 * MIB);
  expect(mostWaiting).toBeLessThan(2.5 * MIB);
  const leecher = await stage.leech(2);
  await stage.untilComplete([leecher], 10_000);
  // Unheard, it counts as silent.
  const isSilent = () => reasons(seeder).some((reason) => reason.startsWith('silent for'));
  await stage.until(isSilent, 200_000);
});

test('peers that read no answers keep their places from nobody', async () => {
  await using stage = await SwarmStage.open();
  const { seeder, accepted } = await openSeeder(stage);
  const deaf: FakeConnection[] = [];
  for (let n = 1; n <= 12; n++) deaf.push(await deafPeer(stage, n, seeder));
  // Each was served a little, so that its turn is no idle one.
  for (const each of deaf) each.send({ type: 'request', ...asked });
  await stage.clock.advance(15_000);
  for (let n = 0; n < 4; n++) {
    for (const each of deaf) each.sendBytes(TAKEN_BACK);
    await stage.clock.advance(50);
  }
  // All who are unchoked, that is: the others are closed for asking while they are choked.
  const unread = accepted.filter(({ bufferedLength }) => bufferedLength > 2 * MIB);
  expect(unread.length).toBeGreaterThanOrEqual(8);
  const leecher = await stage.leech(20);
  await stage.untilComplete([leecher], 25_000);
});

test('a peer that was not read from goes on when it has read', async () => {
  await using stage = await SwarmStage.open();
  const { seeder } = await openSeeder(stage);
  const slow = await deafPeer(stage, 1, seeder);
  const request = encodeMessage({ type: 'request', ...asked });
  const many = Buffer.concat(Array.from({ length: 1_900 }, () => request));
  slow.sendBytes(new Uint8Array(many));
  await stage.clock.advance(5_000);
  slow.transport.resume();
  const blocks = () => slow.received.filter(({ type }) => type === 'piece').length;
  await stage.until(() => blocks() === 1_900, 60_000);
});

test('a peer that asks for metadata again and again is closed', async () => {
  await using stage = await SwarmStage.open();
  const { seeder, accepted } = await openSeeder(stage);
  const deaf = await deafPeer(stage, 1, seeder);
  const payload = encodeMetadataMessage({ type: 'request', piece: 0 });
  const ask = encodeMessage({ type: 'extended', extendedId: METADATA_ID, payload });
  deaf.sendBytes(new Uint8Array(Buffer.concat(Array.from({ length: 2_000 }, () => ask))));
  await stage.until(() => seeder.has('peer-left'), 5_000);
  expect(reasons(seeder)).toEqual(['301 requests for metadata rejected in a minute']);
  expect(accepted[0]!.bufferedLength).toBe(0);
});

test('metadata goes to a peer that asks for a few pieces at a time, however often it asks', async () => {
  await using stage = await SwarmStage.open();
  const { seeder } = await openSeeder(stage);
  const slow = await deafPeer(stage, 1, seeder);
  slow.transport.resume();
  const payload = encodeMetadataMessage({ type: 'request', piece: 0 });
  const answers = () => slow.received.filter(({ type }) => type === 'extended').length;
  const before = answers();
  for (let n = 0; n < 400; n++) {
    slow.send({ type: 'extended', extendedId: METADATA_ID, payload });
    await stage.clock.advance(1_000);
  }
  expect(answers() - before).toBe(400);
  expect(seeder.has('peer-left')).toBe(false);
});

/** The same message many times. */
function flood(message: Message, count: number): Uint8Array {
  const bytes = encodeMessage(message);
  return new Uint8Array(Buffer.concat(Array.from({ length: count }, () => bytes)));
}

const request: Message = { type: 'request', ...asked };
const metadataRequest: Message = {
  type: 'extended',
  extendedId: METADATA_ID,
  payload: encodeMetadataMessage({ type: 'request', piece: 0 }),
};
const exchange: Message = {
  type: 'extended',
  extendedId: PEX_ID,
  payload: encodePexMessage({ added: [], dropped: [] }),
};
const unaskedBlock: Message = { ...asked, type: 'piece', block: new Uint8Array(16_384) };
const oddBlock: Message = { type: 'piece', pieceIndex: 0, begin: 7, block: new Uint8Array(5) };

test.each<[string, (connection: FakeConnection) => void]>([
  ['ask on while choked', (connection) => connection.sendBytes(flood(request, 400))],
  [
    'ask for metadata without end',
    (connection) => connection.sendBytes(flood(metadataRequest, 2_000)),
  ],
  ['tell of peers without end', (connection) => connection.sendBytes(flood(exchange, 30))],
  ['send what is no block', (connection) => connection.send(oddBlock)],
  [
    'send blocks that nobody asked for',
    (connection) => connection.sendBytes(flood(unaskedBlock, 100)),
  ],
  [
    'ask for more than may wait',
    (connection) => {
      connection.send({ type: 'interested' });
      connection.sendBytes(flood(request, 8_000));
    },
  ],
])(
  'peers of one address that %s are kept out for a minute, and no one else is',
  async (_, flooding) => {
    await using stage = await SwarmStage.open();
    const { seeder } = await openSeeder(stage);
    const ip = '10.0.9.9';
    const dial = async (n: number): Promise<FakeConnection> => {
      const options = { supportsExtended: true, pieces: [] };
      const { peer } = await stage.fake(n, options, { ip, port: 6880 + n });
      return stage.settle(peer.dial(seeder.address));
    };
    for (let n = 1; n <= 3; n++) {
      const connection = await dial(n);
      await stage.clock.advance(1_000);
      flooding(connection);
      await stage.until(() => reasons(seeder).length === n, 5_000);
    }
    const joined = (): number =>
      seeder.eventsOf('peer-joined').filter(({ address }) => address.startsWith(ip)).length;
    await dial(4).catch(() => undefined);
    await stage.clock.advance(1_000);
    expect(joined()).toBe(3);
    const honest = await stage.leech(2);
    await stage.untilComplete([honest], 10_000);
    await stage.clock.advance(60_000);
    await dial(5);
    await stage.clock.advance(1_000);
    expect(joined()).toBe(4);
  },
);
