/** A torrent made in memory, for tests: random bytes that repeat with the seed. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from '@shoal/bencode';
import { encodeMetainfo, type Metainfo, parseMetainfo } from '@shoal/metainfo';

interface SampleFile {
  readonly path: string;
  readonly length: number;
  /** A pad file (BEP 47): zeros, and not on disk. */
  readonly isPad?: boolean;
}

export interface Sample {
  readonly metainfo: Metainfo;
  readonly bytes: Uint8Array;
  /** Writes the files below a folder. */
  writeTo(folder: string): Promise<void>;
  /** Whether the files below a folder hold just these bytes. */
  isIn(folder: string): Promise<boolean>;
}

export interface SampleOptions {
  readonly files: readonly SampleFile[];
  readonly pieceLength?: number;
  readonly trackers?: readonly (readonly string[])[];
  readonly isPrivate?: boolean;
  readonly seed?: number;
  readonly name?: string;
}

export function makeSample(options: SampleOptions): Sample {
  const { files, pieceLength = 65_536, seed = 1, name = 'sample' } = options;
  const total = files.reduce((sum, file) => sum + file.length, 0);
  const bytes = noise(total, seed);
  const spans = spansOf(files);
  for (const { from, to, isPad } of spans) if (isPad) bytes.fill(0, from, to);
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < total; at += pieceLength)
    hashes.push(
      createHash('sha1')
        .update(bytes.subarray(at, at + pieceLength))
        .digest(),
    );
  const infoBytes = encode({
    files: files.map((file) => ({
      attr: file.isPad ? 'p' : undefined,
      length: file.length,
      path: file.path.split('/'),
    })),
    name,
    'piece length': pieceLength,
    pieces: Buffer.concat(hashes),
    private: options.isPrivate ? 1 : undefined,
  });
  const metainfo = parseMetainfo(encodeMetainfo({ infoBytes, trackers: options.trackers ?? [] }));
  const parts = (folder: string) =>
    spans.flatMap((span) =>
      span.isPad ? [] : [{ ...span, path: path.join(folder, name, span.path) }],
    );
  return {
    metainfo,
    bytes,
    async writeTo(folder) {
      for (const part of parts(folder)) {
        await mkdir(path.dirname(part.path), { recursive: true });
        await writeFile(part.path, bytes.subarray(part.from, part.to));
      }
    },
    async isIn(folder) {
      for (const part of parts(folder)) {
        const found = await readFile(part.path).catch(() => undefined);
        if (found === undefined || !found.equals(bytes.subarray(part.from, part.to))) return false;
      }
      return true;
    },
  };
}

function spansOf(files: readonly SampleFile[]) {
  let to = 0;
  return files.map((file) => {
    const from = to;
    to += file.length;
    return { path: file.path, isPad: file.isPad === true, from, to };
  });
}

/** xorshift: fast, and the same bytes for the same seed. */
function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed | 1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}
