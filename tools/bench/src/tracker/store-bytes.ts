/** Prints what a million peers in a thousand torrents take in the store, in bytes a peer. */
import { Announce, MemorySwarmStore } from '@shoal/tracker/server';
import { fillTurn, infoHashesOf, peersPerSource, SOURCE_COUNT, WORKLOADS } from './workload.ts';

const workload = WORKLOADS['1 M peers'];
const infoHashes = infoHashesOf(workload);
const bytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const store = new MemorySwarmStore({
  random: { bytes, below: (limit) => Math.floor(Math.random() * limit) },
  peerLifetimeS: 3600,
});
const announce = new Announce();
const turn = { torrent: 0, port: 0, left: 0 };
for (let n = 0; n < peersPerSource(workload); n += 1) {
  for (let source = 0; source < SOURCE_COUNT; source += 1) {
    fillTurn(turn, workload, source, n);
    announce.readInfoHash(infoHashes[turn.torrent] ?? new Uint8Array(20), 0);
    announce.peer.set([127, 0, 0, 2 + source]);
    announce.setPort(turn.port);
    announce.isSeeder = turn.left === 0;
    store.announce(announce);
  }
}
console.log((store.byteLength / store.peerCount).toFixed(1));
