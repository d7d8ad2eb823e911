/** What is shared in the tests: files of odd sizes and names, and how two folders are compared. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The folder's name, and so the torrent's. */
export const PAYLOAD_NAME = 'lagoon';

/** Path below the payload's folder, and length in bytes. */
const FILES: readonly (readonly [path: string, length: number])[] = [
  ['Reef.bin', 12 * 1024 * 1024 + 12_345],
  ['a-first.bin', 16_384],
  ['empty.dat', 0],
  ['notes/deep/er/kelp.bin', 1_700_001],
  ['notes/readme.txt', 16_385],
  ['one.byte', 1],
  ['with space/Zebra fish (1).bin', 262_143],
  ['каракатица/烏賊 🦑.bin', 3 * 1024 * 1024 + 1],
  ['überfluß.txt', 33],
];

/** Path with `/` below the folder -> SHA-256, hex. */
export type FolderHashes = ReadonlyMap<string, string>;

/** Writes the payload to `parent/lagoon`. @param withEmpty - false leaves the empty file out */
export async function writePayload(parent: string, withEmpty = true): Promise<string> {
  const root = join(parent, PAYLOAD_NAME);
  for (const [path, length] of FILES) {
    if (length === 0 && !withEmpty) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), randomBytes(length));
  }
  return root;
}

/** Hashes every file below `root`. */
export async function hashFolder(root: string): Promise<FolderHashes> {
  const hashes = new Map<string, string>();
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const digest = createHash('sha256').update(await readFile(path));
    hashes.set(path.slice(root.length + 1), digest.digest('hex'));
  }
  return hashes;
}

const EMPTY_HASH = createHash('sha256').digest('hex');

/** The same files but for those of 0 bytes. */
export function withoutEmptyFiles(hashes: FolderHashes): FolderHashes {
  return new Map([...hashes].filter(([, hash]) => hash !== EMPTY_HASH));
}

/** Says which files are missing, differ or are too many; empty when the folders are equal. */
export function differences(expected: FolderHashes, actual: FolderHashes): string[] {
  const found: string[] = [];
  for (const [path, hash] of expected) {
    const other = actual.get(path);
    if (other === undefined) found.push(`${path} is missing`);
    else if (other !== hash) found.push(`${path} differs`);
  }
  for (const path of actual.keys()) if (!expected.has(path)) found.push(`${path} is too many`);
  return found;
}
