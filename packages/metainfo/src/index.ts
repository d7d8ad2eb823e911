/** Torrent files and magnet links: read and checked, written, made. */
export {
  type CreatedTorrent,
  type CreateOptions,
  createTorrent,
} from './create/create-torrent.ts';
export type { CreateProgress } from './create/hash-pieces.ts';
export { type EncodableMetainfo, encodeMetainfo } from './encode.ts';
export { parseInfo } from './info.ts';
export { DEFAULT_LIMITS, type MetainfoLimits } from './limits.ts';
export { formatMagnet, type Magnet, parseMagnet } from './magnet.ts';
export type { Info, Metainfo, TorrentFile } from './metainfo.ts';
export { MetainfoError, type MetainfoErrorCode } from './metainfo-error.ts';
export { parseMetainfo } from './parse.ts';
