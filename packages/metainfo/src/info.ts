/** Reads an info dict: what an infohash stands for. */
import { hash } from 'node:crypto';
import {
  type BencodeDict,
  type BencodeValue,
  type DecodeOptions,
  DictReader,
  rawMembers,
  Scanner,
} from '@shoal/bencode';
import { type InfoHash, idToHex, PieceLayout, toInfoHash } from '@shoal/units';
import { parseFileList, readAttributes } from './file-list.ts';
import { DEFAULT_LIMITS, type MetainfoLimits } from './limits.ts';
import type { Info, TorrentFile } from './metainfo.ts';
import { MetainfoError } from './metainfo-error.ts';
import { isNameless, safeName } from './safe-name.ts';

const HASH_LENGTH = 20;
/** The members that are built; `files` is read entry by entry and the rest is only checked. */
const SMALL_KEYS = [
  'attr',
  'length',
  'meta version',
  'name',
  'name.utf-8',
  'piece length',
  'pieces',
  'private',
  'source',
] as const;
const KEYS = [...SMALL_KEYS, 'file tree', 'files'] as const;

/**
 * Reads an info dict, from a torrent or from peers (BEP 9). Keys may be in any order: the infohash
 * is over the bytes as they are. Pure.
 *
 * A hybrid is read as the v1 torrent that it is too. Links (BEP 47) are kept as entries that are
 * never stored, so that file numbers agree with other clients.
 *
 * @param infoBytes - the raw dict; `infoBytes` and `pieceHashes` of the result are views into it
 * @throws MetainfoError `v2-only`, and for what does not fit together or passes a limit
 * @throws BencodeError for bytes that are no bencode and values of the wrong type, with the path
 * @see BEP 3 "info dictionary", BEP 27, BEP 47, BEP 52 "upgrade path"
 */
export function parseInfo(infoBytes: Uint8Array, limits?: Partial<MetainfoLimits>): Info {
  const allLimits = { ...DEFAULT_LIMITS, ...limits };
  const options = { ...allLimits, allowUnsortedKeys: true };
  const bytes = new Uint8Array(infoBytes.buffer, infoBytes.byteOffset, infoBytes.byteLength);
  const members = rawMembers(bytes, KEYS, options, 'info');
  const info = new DictReader(smallMembers(members, options), 'info');
  const filesBytes = members.get('files');
  if (filesBytes === undefined && !members.has('length')) refuseV2(members);

  const infoHash = infoHashOf(bytes);
  const rawName = info.text(info.has('name.utf-8') ? 'name.utf-8' : 'name');
  const name = isNameless(rawName) ? idToHex(infoHash) : safeName(rawName);
  const files =
    filesBytes === undefined
      ? [singleFile(info, name, rawName)]
      : parseFileList(filesBytes, name, allLimits);
  const layout = pieceLayout(info, files, allLimits);
  return {
    infoHash,
    name,
    rawName,
    layout,
    pieceHashes: pieceHashes(info, layout),
    files,
    isMultiFile: filesBytes !== undefined,
    isPrivate: isOne(info.value('private')),
    source: info.value('source') instanceof Uint8Array ? info.text('source') : undefined,
    infoBytes: bytes,
  };
}

/** SHA-1 of the bytes as they are. BEP 3. */
function infoHashOf(bytes: Uint8Array): InfoHash {
  return toInfoHash(new Uint8Array(hash('sha1', bytes, 'buffer')))!;
}

/** None of these is ever a list or a dict: such a one may be large, and is not built. */
function smallMembers(
  members: ReadonlyMap<string, Uint8Array>,
  options: DecodeOptions,
): BencodeDict {
  const small = new Map<string, BencodeValue>();
  for (const key of SMALL_KEYS) {
    const bytes = members.get(key);
    if (bytes === undefined) continue;
    const scanner = new Scanner(bytes, options);
    const isPlain = scanner.type() === 'string' || scanner.type() === 'integer';
    small.set(key, isPlain ? scanner.value() : []);
  }
  return small;
}

function refuseV2(members: ReadonlyMap<string, Uint8Array>): void {
  if (members.has('file tree') || members.has('meta version'))
    throw new MetainfoError(
      'v2-only',
      'this is a v2-only torrent (BEP 52), which we cannot download: get its v1 or hybrid form',
    );
}

function singleFile(info: DictReader, name: string, rawName: string): TorrentFile {
  const { isLink } = readAttributes(info.optionalText('attr') ?? '');
  const length = isLink ? 0 : info.integer('length', { min: 0 });
  return { path: [name], length, offset: 0, isPad: isLink, rawPath: rawName };
}

function pieceLayout(
  info: DictReader,
  files: readonly TorrentFile[],
  limits: MetainfoLimits,
): PieceLayout {
  const last = files.at(-1);
  const totalLength = last === undefined ? 0 : last.offset + last.length;
  if (totalLength === 0) throw new MetainfoError('no-bytes', 'the torrent has no bytes');
  const pieceLength = info.integer('piece length', { min: 1 });
  if (pieceLength > limits.maxPieceLength)
    throw new MetainfoError(
      'bad-piece-length',
      `pieces of ${pieceLength} bytes, limit ${limits.maxPieceLength}`,
    );
  const layout = new PieceLayout(totalLength, pieceLength);
  if (layout.pieceCount > limits.maxPieces)
    throw new MetainfoError(
      'too-many-pieces',
      `${layout.pieceCount} pieces, limit ${limits.maxPieces}`,
    );
  return layout;
}

function pieceHashes(info: DictReader, layout: PieceLayout): Uint8Array {
  const pieces = info.bytes('pieces');
  const expected = layout.pieceCount * HASH_LENGTH;
  if (pieces.length !== expected)
    throw new MetainfoError(
      'bad-pieces',
      `expected ${expected} bytes of hashes for ${pieceWords(layout.pieceCount)}, got ${pieces.length}`,
    );
  return pieces;
}

function pieceWords(count: number): string {
  return count === 1 ? '1 piece' : `${count} pieces`;
}

/** BEP 27 has 1; any integer but 0 counts, as with libtorrent. */
function isOne(value: BencodeValue | undefined): boolean {
  return (typeof value === 'number' || typeof value === 'bigint') && Number(value) !== 0;
}
