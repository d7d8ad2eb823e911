import { FakePeer, ManualClock, MemoryNetwork, seededRandom } from '@shoal/testkit';
import { type PeerAddress, PieceLayout, toInfoHash, toPeerId } from '@shoal/units';
import { expect, test } from 'vitest';
import { CONNECTION_LIMIT } from '../../src/peers/admission.ts';
import { BanList } from '../../src/peers/ban-list.ts';
import { Connector } from '../../src/peers/connector.ts';
import { PeerPool } from '../../src/peers/peer-pool.ts';
import { Swarm } from '../../src/peers/swarm.ts';
import { lendParts } from '../lent-parts.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(7))!;
const layout = new PieceLayout(100_000, 32_768);

/** A connector, and peers that listen at addresses of their own. */
async function makeStage(options: { peerCount: number; isDone?: boolean }) {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const parts = lendParts(clock, { network: network.host('10.0.0.1') });
  const pool = new PeerPool({ random: seededRandom(1) });
  const bans = new BanList();
  const ignore = (): void => {};
  const swarm = new Swarm({
    clock,
    pool,
    bans,
    ourPeerId: parts.peerId,
    listener: {
      handleJoined: (peer) => connector.handleJoined(peer),
      handleLeft: () => connector.fill(),
      handleInterest: ignore,
      handleUseful: ignore,
      handleSeeder: ignore,
      handleExtended: ignore,
      handlePort: ignore,
    },
  });
  const connector: Connector = new Connector({
    parts,
    pool,
    bans,
    swarm,
    ours: () => ({
      infoHash,
      peerId: parts.peerId,
      supportsFast: true,
      supportsExtended: true,
      supportsDht: false,
    }),
    isDone: () => options.isDone ?? false,
    join: (established, source) => swarm.join(established, source),
  });
  const addresses: PeerAddress[] = [];
  for (let n = 0; n < options.peerCount; n++) {
    const peer = new FakePeer({
      network: network.host(`10.0.1.${n}`),
      infoHash,
      layout,
      content: new Uint8Array(layout.totalLength),
      peerId: toPeerId(new Uint8Array(20).fill(100 + n))!,
      pieces: [],
    });
    addresses.push(await peer.listen(6881));
  }
  const hear = (): void => {
    for (const address of addresses) pool.add(address, 'tracker', clock.nowMs());
  };
  return { clock, network, connector, swarm, pool, bans, addresses, hear };
}

test('the pool is dialled from its opening to its close', async () => {
  const stage = await makeStage({ peerCount: 3 });
  stage.hear();
  stage.connector.fill();
  await stage.clock.advance(1_000);
  expect(stage.swarm.size).toBe(0);
  stage.connector.open();
  stage.connector.fill();
  await stage.clock.advance(1_000);
  expect(stage.swarm.size).toBe(3);
  stage.connector.close();
  stage.swarm.closeAll('over');
  await stage.clock.advance(60_000);
  expect(stage.swarm.size).toBe(0);
});

test.each([
  ['as long as there are places, and an idle peer makes room for the next', false],
  ['and when nothing more is wanted, nobody makes room', true],
])('addresses are dialled %s', async (_name, isDone) => {
  const stage = await makeStage({ peerCount: CONNECTION_LIMIT + 5, isDone });
  stage.connector.open();
  stage.hear();
  const ticks = stage.clock.every(1_000, () => stage.connector.tick(stage.clock.nowMs()));
  await stage.clock.advance(20_000);
  expect(stage.swarm.size).toBe(CONNECTION_LIMIT);
  const first = [...stage.swarm.peers()];
  await stage.clock.advance(60_000);
  ticks.cancel();
  expect(first.some(({ isClosed }) => isClosed)).toBe(!isDone);
});

test('an address that a person names is dialled though nothing runs', async () => {
  const stage = await makeStage({ peerCount: 1 });
  const connected = stage.connector.dialNow(stage.addresses[0]!);
  await stage.clock.advance(1_000);
  expect((await connected).address).toEqual(stage.addresses[0]);
});

test.each([
  ['dialled', 0],
  ['asked for its handshake', 100],
])('whoever waits for a peer that is being %s is told when it stops', async (_stage, afterMs) => {
  const stage = await makeStage({ peerCount: 1 });
  const silent = stage.network.host('10.0.2.1');
  await silent.listen(6881, undefined, () => {});
  stage.connector.open();
  const waits = [0, 1].map(() => stage.connector.dialNow(silent.address(6881)));
  const told = Promise.allSettled(waits);
  await stage.clock.advance(afterMs);
  stage.connector.close();
  for (const { status, reason } of (await told) as PromiseRejectedResult[]) {
    expect(status).toBe('rejected');
    expect(reason).toMatchObject({ code: 'peer-refused' });
  }
  await stage.clock.advance(100);
  expect(stage.clock.pendingTimerCount).toBe(0);
});

test('a dial that was given up says nothing against the next one to its address', async () => {
  const stage = await makeStage({ peerCount: 1 });
  const [address] = stage.addresses;
  stage.connector.open();
  const first = stage.connector.dialNow(address!);
  stage.connector.close();
  stage.connector.open();
  const second = stage.connector.dialNow(address!);
  await expect(first).rejects.toMatchObject({ code: 'peer-refused' });
  await stage.clock.advance(1_000);
  expect((await second).address).toEqual(address);
});

test('a banned address is dialled for no person', async () => {
  const stage = await makeStage({ peerCount: 1 });
  stage.bans.banHost(stage.addresses[0]!.host, 'by hand');
  for (const refused of [
    stage.connector.dialNow(stage.addresses[0]!),
    stage.connector.tryHandshake(stage.addresses[0]!),
  ])
    await expect(refused).rejects.toMatchObject({ code: 'peer-banned' });
});
