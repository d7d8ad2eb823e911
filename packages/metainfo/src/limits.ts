/** How much of a torrent we take. A torrent past a limit is refused before it costs memory. */

/** Lengths in bytes. */
export interface MetainfoLimits {
  /** The whole torrent. libtorrent 2.1: 10,000,000. */
  readonly maxLength: number;
  /** libtorrent 2.1: 2,097,152. */
  readonly maxPieces: number;
  /** Lists and dicts inside each other. libtorrent 2.1: 100. */
  readonly maxDepth: number;
  /** Values and keys. libtorrent 2.1: 3,000,000. */
  readonly maxItems: number;
  /** The largest that clients make is 128 MiB; a piece is held in memory until it is verified. */
  readonly maxPieceLength: number;
  /** As many as fit into 10 MB with names and hashes of the usual length. */
  readonly maxFiles: number;
  /** Distinct folders, at every level. */
  readonly maxFolders: number;
  /** Folders above a file, and the file. libtorrent 2.1: 100. */
  readonly maxPathDepth: number;
  /** A safe path: Linux opens 4,095 bytes, and the download folder comes before. */
  readonly maxPathLength: number;
  /** Files renamed because another has their name. libtorrent 2.1: 500. */
  readonly maxCollisions: number;
}

export const DEFAULT_LIMITS: MetainfoLimits = {
  maxLength: 10_000_000,
  maxPieces: 2_097_152,
  maxDepth: 100,
  maxItems: 3_000_000,
  maxPieceLength: 128 * 1024 * 1024,
  maxFiles: 131_072,
  maxFolders: 65_536,
  maxPathDepth: 100,
  maxPathLength: 3_072,
  maxCollisions: 500,
};

/** Trackers and web seeds of one torrent or magnet link; those after it are left out. */
export const MAX_URLS = 1_000;
/** Characters of one URL; longer ones are left out. */
export const MAX_URL_LENGTH = 2_048;
/** Characters of a magnet link. */
export const MAX_MAGNET_LENGTH = 1_000_000;
/** Files that a magnet link may select, as libtorrent. */
export const MAX_SELECTED_FILES = 10_000;
