/** The .torrent of a torrent that is in the engine. */
import type { TorrentHandle } from '@shoal/engine';
import { encodeMetainfo, type Metainfo, parseMagnet, parseMetainfo } from '@shoal/metainfo';

/** @returns undefined until the metadata of a magnet is there */
export function metainfoOf(torrent: TorrentHandle): Metainfo | undefined {
  const { info } = torrent;
  if (info === undefined) return undefined;
  const { trackers: states, magnet } = torrent.getDetail();
  const tiers = Map.groupBy(states, ({ tier }) => tier);
  const trackers = [...tiers.values()].map((tier) => tier.map(({ url }) => url));
  const { webSeeds } = parseMagnet(magnet);
  return parseMetainfo(encodeMetainfo({ infoBytes: info.infoBytes, trackers, webSeeds }));
}
