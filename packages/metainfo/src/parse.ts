/** Reads a whole .torrent. */
import { rawMembers } from '@shoal/bencode';
import { parseInfo } from './info.ts';
import { DEFAULT_LIMITS, type MetainfoLimits } from './limits.ts';
import { looseCount, looseText, looseTextLists, looseTexts } from './loose.ts';
import type { Metainfo } from './metainfo.ts';
import { MetainfoError } from './metainfo-error.ts';
import { trackerTiers, webSeedUrls } from './urls.ts';

const KEYS = [
  'announce',
  'announce-list',
  'comment',
  'comment.utf-8',
  'created by',
  'creation date',
  'info',
  'url-list',
] as const;

/**
 * Reads a .torrent. What its infohash covers must be right; around it, what is not is left out:
 * a comment that is a number, a tracker URL that is none. Pure.
 *
 * @param bytes - the whole file; the result has views into it
 * @throws MetainfoError `no-info` and as `parseInfo`, BencodeError
 * @see BEP 3 "metainfo files", BEP 12, BEP 19
 */
export function parseMetainfo(bytes: Uint8Array, limits?: Partial<MetainfoLimits>): Metainfo {
  const options = { ...DEFAULT_LIMITS, ...limits, allowUnsortedKeys: true };
  const members = rawMembers(bytes, KEYS, options);
  const infoBytes = members.get('info');
  if (infoBytes === undefined)
    throw new MetainfoError('no-info', 'this is no torrent: it has no info dict');
  return {
    info: parseInfo(infoBytes, limits),
    trackers: trackersOf(members.get('announce-list'), members.get('announce')),
    webSeeds: webSeedUrls(looseTexts(members.get('url-list'))),
    comment: looseText(members.get('comment.utf-8')) ?? looseText(members.get('comment')),
    createdBy: looseText(members.get('created by')),
    creationDateS: looseCount(members.get('creation date')),
  };
}

/** BEP 12: an `announce-list` with any tracker in it takes the place of `announce`. */
function trackersOf(list: Uint8Array | undefined, lone: Uint8Array | undefined): string[][] {
  const tiers = trackerTiers(looseTextLists(list));
  return tiers.length > 0 ? tiers : trackerTiers([looseTexts(lone)]);
}
