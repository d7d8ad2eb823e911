/** The `files` of an info dict: checked, made safe, laid end to end. */
import { BencodeError, Scanner } from '@shoal/bencode';
import { resolveCollisions } from './collisions.ts';
import type { MetainfoLimits } from './limits.ts';
import type { TorrentFile } from './metainfo.ts';
import { MetainfoError } from './metainfo-error.ts';
import { safeName } from './safe-name.ts';

/** BitComet's pad files have this in their name and no attribute. */
const BITCOMET_PAD = '_____padding_file_';
/** Of the list, in errors. */
const LIST_PATH = 'info.files';

/** One entry of the list, as found. */
interface RawEntry {
  length: number | undefined;
  names: readonly string[];
  attributes: string;
}

/**
 * Reads the `files` list of a multi-file torrent (BEP 3, attributes as BEP 47).
 *
 * @param bytes - the bencoded list
 * @param folder - the torrent's safe name, which every path begins with
 * @throws MetainfoError past a limit, BencodeError when an entry is not what it should be
 */
export function parseFileList(
  bytes: Uint8Array,
  folder: string,
  limits: MetainfoLimits,
): TorrentFile[] {
  refuseTooMany(bytes, limits);
  const scanner = scannerOf(bytes, limits);
  const files: TorrentFile[] = [];
  const paths: (string | undefined)[] = [];
  let offset = 0;
  scanner.list((index) => {
    const entry = readEntry(scanner, limits);
    const { file, safePath } = toFile(entry, `${LIST_PATH}[${index}]`, folder, offset, limits);
    files.push(file);
    paths.push(file.isPad ? undefined : safePath);
    offset += file.length;
    if (!Number.isSafeInteger(offset))
      throw new MetainfoError('bad-length', 'the files are longer than 2^53 bytes together');
  });
  for (const [index, path] of resolveCollisions(paths, limits))
    files[index] = { ...files[index]!, path: [folder, ...path.split('/')] };
  return files;
}

/** Counts before anything is built. */
function refuseTooMany(bytes: Uint8Array, limits: MetainfoLimits): void {
  const scanner = scannerOf(bytes, limits);
  let count = 0;
  scanner.list(() => {
    scanner.skip();
    count++;
  });
  if (count > limits.maxFiles)
    throw new MetainfoError('too-many-files', `${count} files, limit ${limits.maxFiles}`);
}

function scannerOf(bytes: Uint8Array, limits: MetainfoLimits): Scanner {
  return new Scanner(bytes, { ...limits, allowUnsortedKeys: true }, LIST_PATH);
}

function readEntry(scanner: Scanner, limits: MetainfoLimits): RawEntry {
  const entry: RawEntry = { length: undefined, names: [], attributes: '' };
  let hasUtf8Path = false;
  scanner.dict((key) => {
    if (key === 'length') entry.length = scanner.integer({ min: 0 });
    else if (key === 'attr') entry.attributes = scanner.text();
    else if (key === 'path.utf-8') {
      hasUtf8Path = true;
      entry.names = readNames(scanner, limits);
    } else if (key === 'path' && !hasUtf8Path) entry.names = readNames(scanner, limits);
    else scanner.skip();
  });
  return entry;
}

function readNames(scanner: Scanner, limits: MetainfoLimits): string[] {
  const names: string[] = [];
  scanner.list(() => {
    if (names.push(scanner.text()) > limits.maxPathDepth)
      throw new MetainfoError('bad-path', `a path of more than ${limits.maxPathDepth} components`);
  });
  return names;
}

function toFile(
  { names, attributes, length }: RawEntry,
  entryPath: string,
  folder: string,
  offset: number,
  limits: MetainfoLimits,
): { file: TorrentFile; safePath: string } {
  const { isPad, isLink } = readAttributes(attributes);
  if (length === undefined && !isLink)
    throw new BencodeError('missing', 'missing', { path: `${entryPath}.length` });
  // BEP 47 lets a pad file go without a path.
  if (names.length === 0 && !isPad)
    throw new MetainfoError('bad-path', `${entryPath}.path: a file without a name`);
  const rawPath = names.length === 1 ? names[0]! : names.join('/');
  const safeNames = names.map((name) => safeName(name));
  const isSafe = names.every((name, index) => name === safeNames[index]);
  const safePath = isSafe ? rawPath : safeNames.join('/');
  const pathLength = Buffer.byteLength(folder) + 1 + Buffer.byteLength(safePath);
  if (pathLength > limits.maxPathLength)
    throw new MetainfoError(
      'bad-path',
      `${entryPath}.path: ${pathLength} bytes, limit ${limits.maxPathLength}`,
    );
  const isStored = !isPad && !isLink && !rawPath.includes(BITCOMET_PAD);
  // Not a spread, which keeps room for 16 more: it would double the memory of a file.
  const path = [folder].concat(safeNames);
  const file = { path, length: isLink ? 0 : length!, offset, isPad: !isStored, rawPath };
  return { file, safePath };
}

/** Attributes of BEP 47, one letter each: unknown ones are ignored. */
export function readAttributes(attributes: string): { isPad: boolean; isLink: boolean } {
  return { isPad: attributes.includes('p'), isLink: attributes.includes('l') };
}
