/** What a .torrent says, checked. */
import type { InfoHash, PieceLayout } from '@shoal/units';

/** One file of a torrent. Lengths and offsets in bytes. */
export interface TorrentFile {
  /** Safe path components below the download folder, the torrent's name first for multi-file torrents. */
  readonly path: readonly string[];
  readonly length: number;
  /** Where the file begins in the whole torrent. */
  readonly offset: number;
  /**
   * BEP 47: zeros that align the next file to a piece, or a link, which has no bytes and is never
   * followed. Never shown, never stored; it keeps its number in the list all the same.
   */
  readonly isPad: boolean;
  /**
   * The path as the torrent has it, joined by `/`, for web seeds (BEP 19): below `rawName` for
   * multi-file torrents. Not safe to open.
   */
  readonly rawPath: string;
}

/** The part of a torrent its infohash covers: enough to download with. */
export interface Info {
  readonly infoHash: InfoHash;
  /** Safe name: the file of a single-file torrent, the folder of others. */
  readonly name: string;
  /** The name as the torrent has it, for web seeds. Not safe to open. */
  readonly rawName: string;
  readonly layout: PieceLayout;
  /** 20 bytes a piece, in order. */
  readonly pieceHashes: Uint8Array;
  readonly files: readonly TorrentFile[];
  /** True when the info dict has `files`: everything lies in a folder called `name`. */
  readonly isMultiFile: boolean;
  /** BEP 27: peers only from its trackers. */
  readonly isPrivate: boolean;
  readonly source: string | undefined;
  /** The raw info dict, as found: served to others (BEP 9) and kept in the state folder. */
  readonly infoBytes: Uint8Array;
}

/** A whole .torrent. */
export interface Metainfo {
  readonly info: Info;
  /** BEP 12 tiers; a lone `announce` is one tier of one. Only http, https, udp, ws and wss URLs. */
  readonly trackers: readonly (readonly string[])[];
  /** BEP 19 `url-list`. */
  readonly webSeeds: readonly string[];
  readonly comment: string | undefined;
  readonly createdBy: string | undefined;
  /** Seconds since 1970. */
  readonly creationDateS: number | undefined;
}
