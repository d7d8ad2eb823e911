/** The magnet that stands for a torrent file. */
import type { Magnet, Metainfo } from '@shoal/metainfo';

/** Infohash, name, size, trackers and web seeds. */
export function magnetOf({ info, trackers, webSeeds }: Metainfo): Magnet {
  return {
    infoHash: info.infoHash,
    name: info.name,
    exactLength: info.layout.totalLength,
    trackers: trackers.flat(),
    webSeeds,
    peers: [],
  };
}
