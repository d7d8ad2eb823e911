import { ManualClock, MemoryNetwork, seededRandom } from '@shoal/testkit';
import { idToHex, type PeerAddress, silentLog, toInfoHash } from '@shoal/units';
import { PEX_FLAG } from '@shoal/wire';
import { expect, test } from 'vitest';
import { BanList } from '../../src/peers/ban-list.ts';
import { PeerPool } from '../../src/peers/peer-pool.ts';
import { AddressSources } from '../../src/sources/address-sources.ts';
import { Discoveries } from '../../src/sources/discoveries.ts';
import type { PeerSource } from '../../src/state/snapshot.ts';
import { TorrentReporter } from '../../src/torrent-reporter.ts';
import { lendParts, NotedDiscovery } from '../lent-parts.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(7))!;
const EVERY_SOURCE: readonly PeerSource[] = ['tracker', 'lsd', 'dht', 'pex', 'resume', 'incoming'];

function addressOf(n: number): PeerAddress {
  return new MemoryNetwork(new ManualClock()).host(`10.0.1.${n}`).address(6881);
}

function makeStage(options: { isPrivate?: boolean } = {}) {
  const clock = new ManualClock();
  const dht = new NotedDiscovery('dht', { port: 7001 });
  const parts = lendParts(clock, { discoveries: new Discoveries([dht], silentLog) });
  const stage = { isPrivate: options.isPrivate ?? false, foundCount: 0 };
  const pool = new PeerPool({ random: seededRandom(1) });
  const bans = new BanList();
  const sources = new AddressSources({
    infoHash,
    parts,
    tiers: [],
    reporter: new TorrentReporter(idToHex(infoHash), parts),
    pool,
    bans,
    stats: () => ({ uploaded: 0, downloaded: 0, left: 1 }),
    isPrivate: () => stage.isPrivate,
    isFull: () => false,
    handleFound: () => {
      stage.foundCount++;
    },
  });
  const known = (): string[] => Array.from(pool.entries(), ({ source }) => source);
  return Object.assign(stage, { dht, pool, bans, sources, known });
}

/** One address from each source. */
function addFromAll(sources: AddressSources): void {
  for (const [n, source] of EVERY_SOURCE.entries()) sources.add([addressOf(n)], source);
}

test('what any source finds is taken in', () => {
  const stage = makeStage();
  addFromAll(stage.sources);
  expect(stage.known()).toEqual(EVERY_SOURCE);
  expect(stage.foundCount).toBe(EVERY_SOURCE.length);
});

test('a private torrent heeds neither DHT nor local network nor peers (BEP 27)', () => {
  const stage = makeStage({ isPrivate: true });
  addFromAll(stage.sources);
  stage.sources.addExchanged([{ address: addressOf(50), flags: 0 }]);
  expect(stage.known()).toEqual(['tracker', 'resume', 'incoming']);
});

test('a torrent that turns out to be private forgets whom it found so, and leaves the DHT', () => {
  const stage = makeStage();
  stage.sources.open();
  addFromAll(stage.sources);
  stage.isPrivate = true;
  stage.sources.becomePrivate();
  expect(stage.known()).toEqual(['tracker', 'resume', 'incoming']);
  expect(stage.dht.told).toEqual(['join', 'leave']);
});

test('an address that is banned is not taken in again, whoever names it', () => {
  const stage = makeStage();
  stage.bans.banHost(addressOf(1).host, 'by hand');
  stage.sources.add([addressOf(1), addressOf(2)], 'tracker');
  stage.sources.addExchanged([{ address: addressOf(1), flags: 0 }]);
  expect(Array.from(stage.pool.entries(), ({ address }) => address.host)).toEqual(['10.0.1.2']);
});

test('of a peer that others tell of it is known whether it is a seeder', () => {
  const stage = makeStage();
  stage.sources.addExchanged([
    { address: addressOf(1), flags: PEX_FLAG.seeder },
    { address: addressOf(2), flags: 0 },
  ]);
  expect(Array.from(stage.pool.entries(), ({ isSeeder }) => isSeeder)).toEqual([true, false]);
});

test('the DHT is for torrents that are not private', () => {
  for (const isPrivate of [false, true]) {
    const { sources, dht } = makeStage({ isPrivate });
    sources.open();
    sources.addNode(addressOf(1));
    expect(dht.told).toEqual(isPrivate ? [] : ['join', 'node 10.0.1.1']);
    expect(sources.usesDht).toBe(!isPrivate);
    expect(sources.nodePorts).toEqual(isPrivate ? [] : [7001]);
  }
});
