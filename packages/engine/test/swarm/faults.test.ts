import { type FakeConnection, type FakePeerOptions, shortening, silent } from '@shoal/testkit';
import { encodeMessage, type Message } from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import { type Fake, type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
/** What the only honest peer sends a second: the whole takes about ten seconds. */
const RATE = 100 * KIB;
/** Only who sends a block, however slowly, holds it up, and that for a minute. */
const SLOWEST = 'sends a byte a second';

type Misconduct = (stage: SwarmStage, n: number) => Promise<Fake>;

/** A peer that calls `act` on each connection once it was introduced. */
async function acting(
  stage: SwarmStage,
  n: number,
  options: Partial<FakePeerOptions>,
  act: (connection: FakeConnection) => void,
): Promise<Fake> {
  const fake = await stage.fake(n, { conduct: silent, ...options });
  const seen = new Set<FakeConnection>();
  stage.clock.every(100, () => {
    for (const connection of fake.peer.connections) {
      if (connection.handshake === undefined || seen.has(connection)) continue;
      seen.add(connection);
      act(connection);
    }
  });
  return fake;
}

function latest(fake: Fake): FakeConnection {
  return fake.peer.connections.at(-1)!;
}

const MISCONDUCT: Record<string, Misconduct> = {
  'never answers': (stage, n) => stage.fake(n, { conduct: silent }),
  'never unchokes': (stage, n) => stage.fake(n, { unchokes: false }),
  'says nothing at all': (stage, n) => stage.fake(n, { greets: false }),
  'sends blocks that lack a byte': (stage, n) => stage.fake(n, { conduct: shortening }),
  'sends blocks that are empty': (stage, n) => stage.fake(n, { conduct: () => new Uint8Array(0) }),
  'sends blocks of another place': async (stage, n) => {
    const fake = await stage.fake(n, {
      conduct: ({ pieceIndex, begin }, block) => {
        latest(fake).send({ type: 'piece', pieceIndex, begin: begin === 0 ? 7 : 0, block });
        return undefined;
      },
    });
    return fake;
  },
  'ends in the middle of each block': async (stage, n) => {
    const fake = await stage.fake(n, {
      conduct: ({ pieceIndex, begin }, block) => {
        const bytes = encodeMessage({ type: 'piece', pieceIndex, begin, block });
        latest(fake).sendBytes(bytes.slice(0, 5_000));
        stage.clock.after(50, () => latest(fake).close());
        return undefined;
      },
    });
    return fake;
  },
  [SLOWEST]: async (stage, n) => {
    let isSending = false;
    const fake = await stage.fake(n, {
      conduct: ({ pieceIndex, begin }, block) => {
        if (isSending) return undefined;
        isSending = true;
        const connection = latest(fake);
        const bytes = encodeMessage({ type: 'piece', pieceIndex, begin, block });
        let at = 1_000;
        connection.sendBytes(bytes.slice(0, at));
        stage.clock.every(1_000, () => connection.sendBytes(bytes.slice(at, ++at)));
        return undefined;
      },
    });
    return fake;
  },
  'chokes and unchokes all the time': (stage, n) =>
    acting(stage, n, {}, (connection) => {
      let turn = 0;
      stage.clock.every(100, () =>
        connection.send({ type: turn++ % 2 === 0 ? 'choke' : 'unchoke' }),
      );
    }),
  'sends rubbish': (stage, n) =>
    acting(stage, n, {}, (connection) => connection.sendBytes(new Uint8Array(100).fill(0x55))),
  'announces a frame of 4 GB': (stage, n) =>
    acting(stage, n, {}, (connection) => connection.sendBytes(Uint8Array.of(255, 255, 255, 255))),
  'has a piece that does not exist': (stage, n) =>
    acting(stage, n, {}, (connection) => connection.send({ type: 'have', pieceIndex: 9_999 })),
  'sends a second bitfield': (stage, n) =>
    acting(stage, n, {}, (connection) =>
      connection.send({ type: 'bitfield', bytes: new Uint8Array(4).fill(255) }),
    ),
  'asks for more than it may': (stage, n) =>
    acting(stage, n, { pieces: [] }, (connection) =>
      connection.send({ type: 'request', pieceIndex: 0, begin: 0, length: 2 ** 31 }),
    ),
};

/** A leecher that knows an honest peer and bad ones. */
async function leechAmong(stage: SwarmStage, misconduct: readonly Misconduct[]): Promise<Node> {
  const bad = [];
  for (const [at, make] of misconduct.entries()) bad.push(await make(stage, at + 2));
  const honest = await stage.fake(1);
  honest.host.bandwidth.upBytesPerS = RATE;
  return stage.leech(1, { peers: [...bad, honest].map(({ address }) => address) });
}

describe('a download ends in time though a peer', () => {
  test.each(Object.keys(MISCONDUCT))('%s', async (name) => {
    await using stage = await SwarmStage.open();
    const leecher = await leechAmong(stage, [MISCONDUCT[name]!]);
    await stage.untilComplete([leecher], name === SLOWEST ? 75_000 : 13_000);
    expect(await stage.isExact(leecher)).toBe(true);
    const banned = leecher.eventsOf('peer-banned').map(({ address }) => address);
    expect(banned).not.toContain('10.0.1.1:6881');
  });

  test('does all of this, in company', async () => {
    await using stage = await SwarmStage.open();
    const leecher = await leechAmong(stage, Object.values(MISCONDUCT));
    await stage.untilComplete([leecher], 75_000);
    expect(await stage.isExact(leecher)).toBe(true);
  });
});

describe('a seeder goes on serving though another peer', () => {
  type Attack = (connection: FakeConnection, stage: SwarmStage) => void;
  const request: Message = { type: 'request', pieceIndex: 0, begin: 0, length: 16 * KIB };
  const flood = (connection: FakeConnection, messages: readonly Message[], count: number): void => {
    const once = Buffer.concat(messages.map((message) => encodeMessage(message)));
    for (let n = 0; n < count; n++) connection.sendBytes(once);
  };

  test.each<[string, boolean, Attack]>([
    ['asks four thousand times while it is choked', true, (peer) => flood(peer, [request], 4_000)],
    [
      'asks four thousand times and reads nothing',
      true,
      (peer, stage) => {
        peer.send({ type: 'interested' });
        peer.transport.pause();
        stage.clock.after(2_000, () => flood(peer, [request], 4_000));
      },
    ],
    [
      'asks and cancels four thousand times',
      false,
      (peer, stage) => {
        peer.send({ type: 'interested' });
        peer.transport.pause();
        stage.clock.after(2_000, () =>
          flood(peer, [request, { ...request, type: 'cancel' }], 4_000),
        );
      },
    ],
    [
      'asks for pieces beyond the end',
      true,
      (peer) => peer.send({ ...request, pieceIndex: 1_000 }),
    ],
    ['asks for no bytes', true, (peer) => peer.send({ ...request, length: 0 })],
    ['asks for a megabyte at once', true, (peer) => peer.send({ ...request, length: 2 ** 20 })],
    [
      'is interested and not, all the time',
      false,
      (peer) => flood(peer, [{ type: 'interested' }, { type: 'not-interested' }], 3_000),
    ],
  ])('%s', async (_name, isClosed, attack) => {
    await using stage = await SwarmStage.open();
    const seeder = await stage.seed(1, {}, { upBytesPerS: 500 * KIB });
    const attackers = [];
    for (const n of [1, 2, 3]) {
      const { peer } = await stage.fake(n, { pieces: [] });
      const connection = await stage.settle(peer.dial(seeder.address));
      await stage.until(() => connection.received.length > 0, 1_000);
      attack(connection, stage);
      attackers.push(connection);
    }
    const leecher = await stage.leech(2);
    await stage.untilComplete([leecher], 30_000);
    expect(await stage.isExact(leecher)).toBe(true);
    if (isClosed)
      await stage.until(() => stage.torrent(seeder).getSummary().peerCount <= 1, 30_000);
  });
});
