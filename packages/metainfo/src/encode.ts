/** Writes a .torrent around an info dict. */
import { encode } from '@shoal/bencode';

/** What a .torrent says besides the info dict, which is kept as it is. */
export interface EncodableMetainfo {
  readonly infoBytes: Uint8Array;
  /** BEP 12 tiers, none of them empty. */
  readonly trackers?: readonly (readonly string[])[];
  readonly webSeeds?: readonly string[];
  readonly comment?: string;
  readonly createdBy?: string;
  /** Seconds since 1970. */
  readonly creationDateS?: number;
}

/**
 * Writes a .torrent; the bytes of the info dict stay as they are. A lone tracker is `announce`,
 * more of them are `announce-list` too (BEP 12). Pure.
 *
 * @throws BencodeError `not-encodable` when creationDateS is no integer
 */
export function encodeMetainfo(metainfo: EncodableMetainfo): Uint8Array {
  const trackers = metainfo.trackers?.filter((tier) => tier.length > 0) ?? [];
  const webSeeds = metainfo.webSeeds ?? [];
  const before = encode({
    announce: trackers[0]?.[0],
    'announce-list': trackers.flat().length > 1 ? trackers : undefined,
    comment: metainfo.comment,
    'created by': metainfo.createdBy,
    'creation date': metainfo.creationDateS,
  });
  const after = encode({ 'url-list': webSeeds.length > 0 ? webSeeds : undefined });
  return joinBytes(before.subarray(0, -1), encode('info'), metainfo.infoBytes, after.subarray(1));
}

function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
