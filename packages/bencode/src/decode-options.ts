/** How much is read, and how strictly. */

/** Limits of what is read. Past them it is an error, found before memory is taken. */
export interface DecodeOptions {
  /** Takes keys in any order, still none twice. Default false: keys rise as BEP 3 wants. */
  readonly allowUnsortedKeys?: boolean;
  /** Most lists and dicts inside each other. Default 100, as libtorrent. */
  readonly maxDepth?: number;
  /** Most values and keys together. Default 3,000,000, as libtorrent's tokens. */
  readonly maxItems?: number;
  /** Most bytes of the whole input. Default 10,000,000, as libtorrent. */
  readonly maxLength?: number;
}

export const DEFAULT_MAX_DEPTH = 100;
export const DEFAULT_MAX_ITEMS = 3_000_000;
export const DEFAULT_MAX_LENGTH = 10_000_000;
