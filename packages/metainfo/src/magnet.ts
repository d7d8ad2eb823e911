/** Magnet links: an infohash, and where to ask for the rest. BEP 9, BEP 53. */
import {
  formatPeerAddress,
  hexToInfoHash,
  type InfoHash,
  idToHex,
  type PeerAddress,
  parsePeerAddress,
  toInfoHash,
} from '@shoal/units';
import { decodeBase32 } from './base32.ts';
import { MAX_MAGNET_LENGTH } from './limits.ts';
import { MetainfoError } from './metainfo-error.ts';
import { formatSelection, parseSelection } from './selection.ts';
import { trackerTiers, webSeedUrls } from './urls.ts';

/** What a magnet link says. */
export interface Magnet {
  readonly infoHash: InfoHash;
  /** `dn`: a name to show until the metadata has come. Not safe to open. */
  readonly name?: string;
  /** `tr`: each is a tier of its own. */
  readonly trackers: readonly string[];
  /** `ws`, BEP 19. */
  readonly webSeeds: readonly string[];
  /** `x.pe`, those given as IP addresses. */
  readonly peers: readonly PeerAddress[];
  /** `so`: rising file indexes, BEP 53. */
  readonly selectedFiles?: readonly number[];
  /** `xl`, bytes. */
  readonly exactLength?: number;
}

/**
 * Reads a magnet link. Unknown parameters, URLs that are none and peers given by name are ignored.
 * A link of a hybrid (`btih` and `btmh`) is read as v1. Pure.
 *
 * @throws MetainfoError `bad-magnet`; `v2-only` when it has only a v2 infohash
 */
export function parseMagnet(text: string): Magnet {
  const link = text.trim();
  if (link.length > MAX_MAGNET_LENGTH)
    throw badMagnet(`a link of ${link.length} characters, limit ${MAX_MAGNET_LENGTH}`);
  if (!/^magnet:\?/i.test(link)) throw badMagnet('it does not begin with magnet:?');
  const values = parameters(link.slice('magnet:?'.length));
  const of = (key: string): readonly string[] => values.get(key) ?? [];
  const name = of('dn')[0];
  const selection = of('so')[0];
  const exactLength = Number(of('xl')[0] || Number.NaN);
  return {
    infoHash: infoHashOf(of('xt')),
    ...(name ? { name } : {}),
    trackers: trackerTiers([of('tr')]).flat(),
    webSeeds: webSeedUrls(of('ws')),
    peers: of('x.pe').flatMap((peer) => parsePeerAddress(peer) ?? []),
    ...(selection ? { selectedFiles: parseSelection(selection) } : {}),
    ...(Number.isSafeInteger(exactLength) && exactLength >= 0 ? { exactLength } : {}),
  };
}

/** Writes a magnet link that `parseMagnet` reads back, the infohash in hex. Pure. */
export function formatMagnet(magnet: Magnet): string {
  const parts = [`xt=urn:btih:${idToHex(magnet.infoHash)}`];
  const add = (key: string, value: string): void => {
    parts.push(`${key}=${encodeURIComponent(value.toWellFormed())}`);
  };
  if (magnet.name) add('dn', magnet.name);
  if (magnet.exactLength !== undefined) add('xl', String(magnet.exactLength));
  for (const url of magnet.trackers) add('tr', url);
  for (const url of magnet.webSeeds) add('ws', url);
  for (const peer of magnet.peers) parts.push(`x.pe=${formatPeerAddress(peer)}`);
  if (magnet.selectedFiles?.length) parts.push(`so=${formatSelection(magnet.selectedFiles)}`);
  return `magnet:?${parts.join('&')}`;
}

/** Values by key; `tr.1` and the like count as `tr`. */
function parameters(query: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) {
    const plain = key.toLowerCase().replace(/\.\d+$/, '');
    const list = values.get(plain);
    if (list === undefined) values.set(plain, [value]);
    else list.push(value);
  }
  return values;
}

function infoHashOf(topics: readonly string[]): InfoHash {
  const hashes = topics
    .filter((topic) => /^urn:btih:/i.test(topic))
    .map((topic) => toHash(topic.slice('urn:btih:'.length)));
  const [first, ...others] = hashes;
  if (first === undefined) throw noHash(topics);
  if (others.some((other) => idToHex(other) !== idToHex(first)))
    throw badMagnet('it has two infohashes that differ');
  return first;
}

function toHash(text: string): InfoHash {
  const hash = text.length === 32 ? toInfoHash(decodeBase32(text) ?? new Uint8Array()) : undefined;
  const found = hash ?? hexToInfoHash(text);
  if (found === undefined) throw badMagnet('its infohash is neither 40 hex nor 32 base32 digits');
  return found;
}

function noHash(topics: readonly string[]): MetainfoError {
  if (topics.some((topic) => /^urn:btmh:/i.test(topic)))
    return new MetainfoError(
      'v2-only',
      'this magnet link is for a v2-only torrent (BEP 52), which we cannot download: ' +
        'get one with xt=urn:btih:',
    );
  return badMagnet('it has no xt=urn:btih: infohash');
}

function badMagnet(why: string): MetainfoError {
  return new MetainfoError('bad-magnet', `this is no magnet link that we can use: ${why}`);
}
