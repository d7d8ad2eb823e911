import { type Conduct, corrupting, seededRandom } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
const HONEST_COUNT = 9;

/** Spoils one block of four. */
function sometimes(seed: number): Conduct {
  const random = seededRandom(seed);
  return (asked, truth) => (random.below(4) === 0 ? corrupting(asked, truth) : truth);
}

test.each([
  ['in every block', () => corrupting],
  ['in one block of four', sometimes],
])('one liar among ten, %s, is banned, and nobody else is', async (_name, conductOf) => {
  for (const seed of [1, 2]) {
    await using stage = await SwarmStage.open({
      files: [{ path: 'file.bin', length: 2048 * KIB }],
      pieceLength: 128 * KIB,
      seed,
    });
    const liar = await stage.fake(1, { conduct: conductOf(seed) });
    const honest = [];
    for (let n = 2; n < 2 + HONEST_COUNT; n++) honest.push(await stage.fake(n));
    const leecher = await stage.leech(1, {
      peers: [liar, ...honest].map(({ address }) => address),
    });
    await stage.untilComplete([leecher], 120_000);
    expect(await stage.isExact(leecher)).toBe(true);
    const banned = leecher.eventsOf('peer-banned').map(({ address }) => address);
    expect(banned).toEqual(['10.0.1.1:6881']);
    expect(leecher.eventsOf('hash-failed').length).toBeLessThanOrEqual(3);
  }
});

test('a liar that is alone is banned with its first piece, and one that comes later is heard', async () => {
  await using stage = await SwarmStage.open();
  const liar = await stage.fake(1, { conduct: corrupting });
  const leecher = await stage.leech(1, { peers: [liar.address] });
  await stage.until(() => leecher.has('peer-banned'), 5_000);
  expect(stage.torrent(leecher).getSummary().havePieceCount).toBe(0);
  const honest = await stage.fake(2);
  stage.torrent(leecher).addPeer(honest.address);
  await stage.untilComplete([leecher], 5_000);
  expect(await stage.isExact(leecher)).toBe(true);
  // It is not dialled again, and what it dials itself is closed.
  const before = liar.peer.connections.length;
  const again = await stage.settle(liar.peer.dial(leecher.address));
  await stage.until(() => again.isClosed, 1_000);
  await stage.clock.advance(120_000);
  expect(liar.peer.connections).toHaveLength(before + 1);
});

test('a liar that only wants to share what it says it has poisons nobody', async () => {
  await using stage = await SwarmStage.open({ pieceLength: 64 * KIB });
  const seeder = await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  const liars = [];
  for (const n of [1, 2, 3]) liars.push(await stage.fake(n, { conduct: corrupting }));
  const leechers = [];
  for (const n of [2, 3, 4])
    leechers.push(await stage.leech(n, { peers: liars.map(({ address }) => address) }));
  await stage.untilComplete(leechers, 60_000);
  for (const leecher of leechers) {
    expect(await stage.isExact(leecher)).toBe(true);
    const banned = leecher.eventsOf('peer-banned').map(({ address }) => address);
    expect(banned.toSorted()).toEqual(liars.map(({ host }) => `${host.ip}:6881`));
  }
  expect(seeder.has('peer-banned')).toBe(false);
});

test('an honest peer that shares its IP address with liars is kept', async () => {
  await using stage = await SwarmStage.open({
    files: [{ path: 'file.bin', length: 2048 * KIB }],
  });
  const ip = '10.0.1.1';
  const honest = await stage.fake(1, {}, { ip, port: 7001 });
  const liars = [];
  for (const n of [2, 3, 4])
    liars.push(await stage.fake(n, { conduct: corrupting }, { ip, port: 7000 + n }));
  const leecher = await stage.leech(1, { peers: [honest, ...liars].map(({ address }) => address) });
  await stage.untilComplete([leecher], 120_000);
  expect(await stage.isExact(leecher)).toBe(true);
  const banned = leecher.eventsOf('peer-banned').map(({ address }) => address);
  expect(banned.toSorted()).toEqual(['10.0.1.1:7002', '10.0.1.1:7003', '10.0.1.1:7004']);
  const left = leecher.eventsOf('peer-left').filter(({ address }) => address === `${ip}:7001`);
  expect(left.map(({ reason }) => reason)).toEqual(['both complete']);
  // After three liars nobody new is taken from there.
  const stranger = await stage.fake(5, {}, { ip, port: 7005 });
  const refused = await stage.settle(stranger.peer.dial(leecher.address));
  await stage.until(() => refused.isClosed, 1_000);
});

test('a liar that takes another peer id each time is not dialled again where it was found', async () => {
  await using stage = await SwarmStage.open();
  const liar = await stage.fake(1, { conduct: corrupting });
  const leecher = await stage.leech(1, { peers: [liar.address] });
  await stage.until(() => leecher.has('peer-banned'), 5_000);
  const other = await stage.fake(2, { conduct: corrupting }, { ip: '10.0.1.1', port: 7002 });
  stage.torrent(leecher).addPeer(other.address);
  await stage.until(() => leecher.eventsOf('peer-banned').length === 2, 5_000);
  await stage.clock.advance(120_000);
  expect(liar.peer.connections).toHaveLength(1);
  expect(other.peer.connections).toHaveLength(1);
});
