import type { FakeConnection } from '@shoal/testkit';
import { type PeerAddress, parsePeerAddress } from '@shoal/units';
import {
  decodeExtendedHandshake,
  decodePexMessage,
  EXTENSION_NAME,
  encodeExtendedHandshake,
  encodePexMessage,
} from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import { type Node, SwarmStage } from './swarm-stage.ts';

/** The number by which engines want ut_pex, and by which our fake peers want it. */
const THEIR_ID = 2;
const OUR_ID = 9;

const at = (text: string): PeerAddress => parsePeerAddress(text, 6881)!;

/** A node that notes whom it dials. */
async function watched(stage: SwarmStage): Promise<{ node: Node; dialled: Set<string> }> {
  const node = await stage.start(1);
  const dialled = new Set<string>();
  const dial = node.host.dial.bind(node.host);
  node.host.dial = (address, options) => {
    dialled.add(`${address.host}:${address.port}`);
    return dial(address, options);
  };
  await stage.add(node);
  return { node, dialled };
}

/** A peer on `10.0.1.N`, or elsewhere, that dials the node and says that it speaks ut_pex. */
async function teller(stage: SwarmStage, node: Node, n: number): Promise<FakeConnection> {
  const { peer } = await stage.fake(n, { supportsExtended: true, pieces: [] });
  const connection = await stage.settle(peer.dial(node.address));
  const extensions = new Map([[EXTENSION_NAME.peerExchange, OUR_ID]]);
  const payload = encodeExtendedHandshake({ extensions, port: 6881 });
  connection.send({ type: 'extended', extendedId: 0, payload });
  await stage.clock.advance(1_000);
  return connection;
}

function tell(connection: FakeConnection, addresses: readonly PeerAddress[]): void {
  const added = addresses.map((address) => ({ address, flags: 0 }));
  const payload = encodePexMessage({ added, dropped: [] });
  connection.send({ type: 'extended', extendedId: THEIR_ID, payload });
}

/** What a fake peer was told, message by message. */
const heard = (connection: FakeConnection) =>
  connection.received.flatMap((message) =>
    message.type === 'extended' && message.extendedId === OUR_ID
      ? decodePexMessage(message.payload)
      : [],
  );

const many = (count: number, from = 0): PeerAddress[] =>
  Array.from({ length: count }, (_, n) =>
    at(`10.9.${Math.floor((from + n) / 200)}.${((from + n) % 200) + 1}`),
  );

describe('of what a peer tells', () => {
  test('fifty addresses of a message are taken, and three messages a minute', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { node, dialled } = await watched(stage);
    const named = () => [...dialled].filter((name) => name.startsWith('10.9.'));
    const liar = await teller(stage, node, 1);
    tell(liar, many(120));
    await stage.clock.advance(61_000);
    expect(named()).toHaveLength(50);
    for (let n = 1; n <= 6; n++) tell(liar, many(2, 1_000 * n));
    await stage.clock.advance(300_000);
    expect(named()).toHaveLength(50 + 3 * 2);
  });

  test('more than twenty messages in a minute end the connection', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { node } = await watched(stage);
    const liar = await teller(stage, node, 1);
    for (let n = 0; n < 21; n++) tell(liar, many(1));
    await stage.clock.advance(1_000);
    expect(node.eventsOf('peer-left').map(({ reason }) => reason)).toEqual([
      '21 peer exchange messages in a minute',
    ]);
  });

  test('a victim is dialled at eight ports and no more, whoever names it', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { node, dialled } = await watched(stage);
    for (const n of [1, 2, 3]) {
      const liar = await teller(stage, node, n);
      tell(
        liar,
        Array.from({ length: 40 }, (_, k) => at(`10.66.6.6:${1_000 * n + k}`)),
      );
    }
    await stage.clock.advance(600_000);
    expect([...dialled].filter((name) => name.startsWith('10.66.6.6:'))).toHaveLength(8);
  });

  test('nothing nearer than the peer itself is dialled: no loopback, no LAN of ours', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { node, dialled } = await watched(stage);
    const { info } = stage.sample.metainfo;
    const near = await teller(stage, node, 1);
    tell(near, [at('127.0.0.1'), at('10.9.0.1'), at('198.51.100.1')]);
    await stage.clock.advance(30_000);
    expect([...dialled].toSorted()).toEqual(['10.9.0.1:6881', '198.51.100.1:6881']);
    dialled.clear();
    const far = await stage.fake(7, { supportsExtended: true, pieces: [] }, { ip: '203.0.113.5' });
    const connection = await stage.settle(far.peer.dial(node.address));
    await stage.clock.advance(1_000);
    tell(connection, [
      at('127.0.0.1:22'),
      at('192.168.1.1:22'),
      at('169.254.169.254:80'),
      at('198.18.0.1:22'),
      at('[64:ff9b::a00:1]:22'),
      at('100.64.0.1'),
      at('[::1]:22'),
      at('[fe80::1]:22'),
      at('198.51.100.2'),
    ]);
    await stage.clock.advance(60_000);
    expect(
      [...dialled].filter((name) => name !== '10.9.0.1:6881' && !name.startsWith('198.51.100.1')),
    ).toEqual(['198.51.100.2:6881']);
    expect(info.isPrivate).toBe(false);
  });
});

describe('of what we tell', () => {
  test('who came and who went is told once a minute at most', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { node } = await watched(stage);
    const listener = await teller(stage, node, 1);
    await teller(stage, node, 2);
    await stage.clock.advance(61_000);
    const third = await teller(stage, node, 3);
    // Nobody is there any more when it is dialled again.
    stage.network.reset('10.0.0.1', '10.0.1.2');
    stage.network.cut('10.0.1.2');
    await stage.clock.advance(61_000);
    const messages = heard(listener);
    expect(messages.length).toBeLessThanOrEqual(3);
    const added = messages.flatMap((message) => message.added.map(({ address }) => address.host));
    const dropped = messages.flatMap((message) => message.dropped.map(({ host }) => host));
    expect(added).toEqual(['10.0.1.2', '10.0.1.3']);
    expect(dropped).toEqual(['10.0.1.2']);
    expect(third.isClosed).toBe(false);
  });

  test('peers of the local network are not named to the world', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const { node } = await watched(stage);
    await teller(stage, node, 1);
    const far = await stage.fake(7, { supportsExtended: true, pieces: [] }, { ip: '203.0.113.5' });
    const connection = await stage.settle(far.peer.dial(node.address));
    const extensions = new Map([[EXTENSION_NAME.peerExchange, OUR_ID]]);
    const payload = encodeExtendedHandshake({ extensions, port: 6881 });
    connection.send({ type: 'extended', extendedId: 0, payload });
    await stage.clock.advance(121_000);
    expect(heard(connection)).toEqual([]);
  });
});

describe('a private torrent (BEP 27)', () => {
  test('neither names peers to others nor heeds those that are named', async () => {
    await using stage = await SwarmStage.open({ trackers: [], isPrivate: true });
    const { node, dialled } = await watched(stage);
    const listener = await teller(stage, node, 1);
    await teller(stage, node, 2);
    tell(listener, many(5));
    await stage.clock.advance(121_000);
    expect(heard(listener)).toEqual([]);
    expect(dialled.size).toBe(0);
    const [first] = listener.received.filter(({ type }) => type === 'extended');
    if (first?.type !== 'extended') throw new Error('no extended handshake came');
    const { extensions } = decodeExtendedHandshake(first.payload);
    expect([...extensions.keys()].toSorted()).toEqual(['lt_donthave', 'ut_metadata']);
  });
});
