import { FakePeer, ManualClock, MemoryNetwork, seededRandom } from '@shoal/testkit';
import {
  Bitfield,
  BLOCK_LENGTH,
  type PieceIndex,
  PieceLayout,
  toInfoHash,
  toPeerId,
} from '@shoal/units';
import { expect, test } from 'vitest';
import { HaveExchange } from '../../src/peers/have-exchange.ts';
import { PeerConnection } from '../../src/peers/peer-connection.ts';
import { OFF, PieceTracker } from '../../src/picking/piece-tracker.ts';

const PIECE_COUNT = 4;
const layout = new PieceLayout(PIECE_COUNT * BLOCK_LENGTH, BLOCK_LENGTH);
const piece = (n: number): PieceIndex => n as PieceIndex;

function field(...pieces: readonly number[]): Bitfield {
  const bits = new Bitfield(PIECE_COUNT);
  for (const index of pieces) bits.add(index);
  return bits;
}

interface Stage {
  readonly tracker: PieceTracker;
  readonly exchange: HaveExchange;
  readonly peer: PeerConnection;
  readonly seeders: PeerConnection[];
}

/** One connected peer that has said nothing yet. */
async function makeStage(): Promise<Stage> {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const tracker = new PieceTracker(layout, seededRandom(1));
  const seeders: PeerConnection[] = [];
  const exchange: HaveExchange = new HaveExchange({
    tracker,
    clock,
    peers: () => [peer],
    handleUseful: () => {},
    handleSeeder: (seeder) => seeders.push(seeder),
  });
  const fake = new FakePeer({
    network: network.host('10.0.0.2'),
    infoHash: toInfoHash(new Uint8Array(20))!,
    layout,
    content: new Uint8Array(layout.totalLength),
  });
  const address = await fake.listen(6881);
  const dialled = network.host('10.0.0.1').dial(address, { timeoutMs: 1_000 });
  await clock.advance(1_000);
  const ignore = (): void => {};
  const peer = new PeerConnection({
    key: 1,
    transport: await dialled,
    source: 'manual',
    peerId: toPeerId(new Uint8Array(20))!,
    layout,
    fast: true,
    extended: false,
    dht: false,
    isEncrypted: false,
    host: {
      blocks: undefined,
      requests: undefined,
      nowMs: () => clock.nowMs(),
      listener: {
        handleBitfield: ignore,
        handleHave: ignore,
        handleInterest: ignore,
        handleExtended: ignore,
        handlePort: ignore,
        handleClosed: ignore,
      },
    },
  });
  return { tracker, exchange, peer, seeders };
}

const availabilities = ({ tracker }: Stage): number[] =>
  [0, 1, 2, 3].map((index) => tracker.availability.of(index));

test('a bitfield says what a peer has, and whether it is of use to us', async () => {
  const stage = await makeStage();
  stage.tracker.verified(piece(1));
  stage.exchange.handleBitfield(stage.peer, field(1));
  expect(stage.peer.session.amInterested).toBe(false);
  stage.exchange.handleHave(stage.peer, piece(2));
  expect(stage.peer.session.amInterested).toBe(true);
  expect(stage.peer.usefulCount).toBe(1);
  expect(availabilities(stage)).toEqual([0, 1, 1, 0]);
});

test('a piece that is announced twice counts once', async () => {
  const stage = await makeStage();
  for (let turn = 0; turn < 2; turn++) stage.exchange.handleHave(stage.peer, piece(0));
  expect(stage.peer.usefulCount).toBe(1);
  expect(availabilities(stage)).toEqual([1, 0, 0, 0]);
});

test('a peer that gets its last piece becomes a seeder, and is told once', async () => {
  const stage = await makeStage();
  stage.exchange.handleBitfield(stage.peer, field(0, 1, 3));
  stage.exchange.handleHave(stage.peer, piece(2));
  expect(stage.seeders).toEqual([stage.peer]);
  expect(availabilities(stage)).toEqual([1, 1, 1, 1]);
  expect(stage.tracker.availability.seederCount).toBe(1);
});

test('a peer that loses a piece is no seeder any more (BEP 54)', async () => {
  const stage = await makeStage();
  stage.exchange.handleBitfield(stage.peer, field(0, 1, 2, 3));
  stage.exchange.handleDontHave(stage.peer, piece(2));
  expect(stage.peer.isSeeder).toBe(false);
  expect(availabilities(stage)).toEqual([1, 1, 0, 1]);
  expect(stage.peer.usefulCount).toBe(3);
});

test('a piece that is taken back and announced again and again costs no walk over all', async () => {
  const stage = await makeStage();
  const { tracker } = stage;
  stage.exchange.handleBitfield(stage.peer, field(0, 1, 2, 3));
  stage.exchange.handleDontHave(stage.peer, piece(2));
  let touchCount = 0;
  for (const method of ['peerHas', 'peerLost'] as const) {
    const touch = tracker[method].bind(tracker);
    tracker[method] = (index) => {
      touchCount++;
      touch(index);
    };
  }
  for (let turn = 0; turn < 10; turn++) {
    stage.exchange.handleHave(stage.peer, piece(2));
    expect(stage.peer.isSeeder).toBe(true);
    expect(availabilities(stage)).toEqual([1, 1, 1, 1]);
    stage.exchange.handleDontHave(stage.peer, piece(2));
    expect(stage.peer.isSeeder).toBe(false);
    expect(availabilities(stage)).toEqual([1, 1, 0, 1]);
  }
  expect(touchCount).toBe(20);
  expect(stage.seeders).toHaveLength(11);
  stage.exchange.handleHave(stage.peer, piece(2));
  stage.exchange.handleLeft(stage.peer);
  expect(availabilities(stage)).toEqual([0, 0, 0, 0]);
});

test('all pieces may be taken back, and summed up in a bitfield again', async () => {
  const stage = await makeStage();
  for (let turn = 0; turn < 2; turn++) {
    stage.exchange.handleBitfield(stage.peer, field(0, 1, 2, 3));
    expect(stage.peer.isSeeder).toBe(true);
    expect(availabilities(stage)).toEqual([1, 1, 1, 1]);
    for (const index of [0, 1, 2, 3]) stage.exchange.handleDontHave(stage.peer, piece(index));
    expect(availabilities(stage)).toEqual([0, 0, 0, 0]);
  }
  stage.exchange.handleLeft(stage.peer);
  expect(availabilities(stage)).toEqual([0, 0, 0, 0]);
});

test('who leaves takes what it had along, seeder or not', async () => {
  for (const pieces of [field(0, 1, 2, 3), field(1, 2)]) {
    const stage = await makeStage();
    stage.exchange.handleBitfield(stage.peer, pieces);
    stage.exchange.handleLeft(stage.peer);
    expect(availabilities(stage)).toEqual([0, 0, 0, 0]);
  }
});

test('with our last useful piece the interest ends', async () => {
  const stage = await makeStage();
  stage.exchange.handleBitfield(stage.peer, field(0, 1));
  for (const index of [0, 1]) {
    expect(stage.peer.session.amInterested).toBe(true);
    stage.tracker.verified(piece(index));
    stage.exchange.announce(piece(index));
  }
  expect(stage.peer.session.amInterested).toBe(false);
});

test('a piece that came though it was not wanted any more takes no interest away', async () => {
  const stage = await makeStage();
  stage.exchange.handleBitfield(stage.peer, field(0, 1));
  stage.tracker.start(piece(0), 1, 0);
  stage.tracker.verifying(piece(0));
  stage.tracker.setWish(piece(0), OFF);
  stage.exchange.recount();
  stage.tracker.verified(piece(0));
  stage.exchange.announce(piece(0));
  expect(stage.peer.usefulCount).toBe(1);
  expect(stage.peer.session.amInterested).toBe(true);
});
