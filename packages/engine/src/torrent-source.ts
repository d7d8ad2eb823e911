/** How a torrent is asked for: by a .torrent, a magnet, or the state of a former run. */
import { BencodeError } from '@shoal/bencode';
import {
  encodeMetainfo,
  formatMagnet,
  type Info,
  type Magnet,
  MetainfoError,
  parseInfo,
  parseMagnet,
  parseMetainfo,
} from '@shoal/metainfo';
import { hexToInfoHash, idToHex } from '@shoal/units';
import type { AddOptions } from './api.ts';
import { EngineError } from './engine-error.ts';
import type { ResumeState } from './state/resume.ts';
import type { TorrentOptions } from './torrent-options.ts';
import type { TorrentParts } from './torrent-parts.ts';

/**
 * What a torrent needs, from how it was asked for.
 * @throws EngineError `bad-magnet`
 */
export function toTorrentOptions(options: AddOptions, parts: TorrentParts): TorrentOptions {
  const common = {
    parts,
    outputFolder: options.outputFolder,
    limits: { downBytesPerS: undefined, upBytesPerS: undefined, ...options.limits },
    sequential: options.sequential ?? false,
    isPaused: options.paused,
    trustComplete: options.trustComplete ?? false,
    storeKind: options.store ?? 'files',
  };
  const extraTiers = (options.trackers ?? []).map((url) => [url]);
  const peers = options.peers ?? [];
  if ('metainfo' in options.source) {
    const { info, trackers, webSeeds } = options.source.metainfo;
    return {
      ...common,
      infoHash: info.infoHash,
      name: info.name,
      info,
      trackerTiers: [...trackers, ...extraTiers],
      webSeeds,
      peers,
      selectedFiles: options.selectedFiles,
    };
  }
  const magnet = readMagnet(options.source.magnet);
  return {
    ...common,
    infoHash: magnet.infoHash,
    name: magnet.name ?? idToHex(magnet.infoHash),
    info: undefined,
    trackerTiers: [...magnet.trackers.map((url) => [url]), ...extraTiers],
    webSeeds: magnet.webSeeds,
    peers: [...peers, ...magnet.peers],
    selectedFiles: options.selectedFiles ?? magnet.selectedFiles,
  };
}

/** What to add a torrent by, from what is left of its state. @param infoHash - hex */
export function sourceOf(infoHash: string, state: ResumeState | undefined): AddOptions['source'] {
  const { infoBytes, trackers = [], webSeeds = [] } = state ?? {};
  if (readInfo(infoBytes) !== undefined)
    return {
      metainfo: parseMetainfo(encodeMetainfo({ infoBytes: infoBytes!, trackers, webSeeds })),
    };
  const named = state === undefined ? {} : { name: state.name };
  const magnet = { infoHash: hexToInfoHash(infoHash)!, ...named, webSeeds, peers: [] };
  return { magnet: formatMagnet({ ...magnet, trackers: trackers.flat() }) };
}

/** The info dict of a state; undefined when there is none, or none that can be used. */
export function readInfo(infoBytes: Uint8Array | undefined): Info | undefined {
  try {
    return infoBytes && parseInfo(infoBytes);
  } catch (error) {
    if (!(error instanceof MetainfoError || error instanceof BencodeError)) throw error;
    return undefined;
  }
}

function readMagnet(text: string): Magnet {
  try {
    return parseMagnet(text);
  } catch (error) {
    if (!(error instanceof MetainfoError)) throw error;
    throw new EngineError('bad-magnet', error.message, error);
  }
}
