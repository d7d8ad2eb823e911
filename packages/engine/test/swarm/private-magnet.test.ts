import type { Discovery, PeersListener } from '@shoal/discovery';
import { formatMagnet } from '@shoal/metainfo';
import { idToHex, type PeerAddress } from '@shoal/units';
import { expect, test } from 'vitest';
import { metadataPeer } from './metadata-peer.ts';
import { SwarmStage } from './swarm-stage.ts';

/** A DHT of which the test says what it finds. */
class ToldDiscovery implements Discovery {
  readonly source = 'dht';
  readonly joined = new Set<string>();
  readonly #listeners = new Set<PeersListener>();

  async start(): Promise<void> {}

  join(infoHash: Uint8Array): void {
    this.joined.add(idToHex(infoHash));
  }

  leave(infoHash: Uint8Array): void {
    this.joined.delete(idToHex(infoHash));
  }

  announceNow(): void {}

  onPeers(listener: PeersListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  find(infoHash: Parameters<PeersListener>[0], peers: readonly PeerAddress[]): void {
    for (const listener of this.#listeners) listener(infoHash, peers);
  }

  async stop(): Promise<void> {}
}

test('a magnet that turns out to be private leaves the DHT and those it found there (BEP 27)', async () => {
  await using stage = await SwarmStage.open({ trackers: [], isPrivate: true });
  const { infoHash } = stage.sample.metainfo.info;
  const discovery = new ToldDiscovery();
  const found = [await stage.fake(1, { pieces: [] }), await stage.fake(2, { greets: false })];
  const friend = await metadataPeer(stage, 3);
  const magnet = formatMagnet({ infoHash, trackers: [], webSeeds: [], peers: [] });
  const leecher = await stage.leech(1, { source: { magnet }, discoveries: [discovery] });
  expect(discovery.joined.size).toBe(1);
  discovery.find(
    infoHash,
    found.map(({ address }) => address),
  );
  await stage.until(() => leecher.has('peer-joined'), 5_000);
  stage.torrent(leecher).addPeer(friend.address);
  await stage.until(() => leecher.has('metadata'), 10_000);
  expect(discovery.joined.size).toBe(0);
  expect(leecher.eventsOf('peer-left').map(({ address, reason }) => [address, reason])).toEqual([
    ['10.0.1.1:6881', 'the torrent is private'],
  ]);
  // What a lookup that was under way finds is not heeded either.
  const dialCount = () => found.reduce((sum, { peer }) => sum + peer.connections.length, 0);
  const before = dialCount();
  discovery.find(
    infoHash,
    found.map(({ address }) => address),
  );
  await stage.clock.advance(600_000);
  expect(dialCount()).toBe(before);
  expect(stage.torrent(leecher).getSummary().peerCount).toBe(1);
});
