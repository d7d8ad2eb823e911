/**
 * All swarms in one file.
 *
 * | file | |
 * |---|---|
 * | 16 B | `shoal-swarms v1\n` |
 * | … | frames: u32 length, u32 CRC-32, so many bytes of batch (exchange/batch-layout.ts) |
 * | 8 B | the end: u32 0, u32 how many frames there were |
 *
 * Bases are wall time: ages go on over a restart by what the wall clock says.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Clock } from '@shoal/units';
import { BatchWriter } from '../exchange/batch-writer.ts';
import { ExchangeError } from '../exchange/exchange-error.ts';
import type { SwarmReader } from '../swarm/swarm-reader.ts';
import { MAX_AHEAD_S } from '../swarm/ticks.ts';

const MAGIC = Buffer.from('shoal-swarms v1\n');
/** What the magic of every version begins with. */
const FAMILY_LENGTH = 'shoal-swarms v'.length;
const FRAME_HEADER_LENGTH = 8;
/** Longest batch in a file, in bytes. */
const MAX_BATCH_LENGTH = 65_536;
/** Peers read between two turns of the event loop: about a millisecond. */
const SLICE_PEER_COUNT = 4_096;
/** Addresses of people: for the owner alone. */
const FILE_MODE = 0o600;

/**
 * Puts a file in the place of another, whole or not at all; `replaceFile` of `@shoal/chunk-store` does.
 * @param content - parts in order; the next is asked for when the one before is written
 */
export type ReplaceFile = (
  path: string,
  content: AsyncIterable<Uint8Array>,
  options: { readonly mode: number },
) => Promise<void>;

/**
 * Writes a snapshot while the store goes on; its folder must be there.
 * @returns the length of the file in bytes
 * @throws the system's error when it cannot be written
 */
export async function writeSnapshot(
  path: string,
  reader: SwarmReader,
  clock: Clock,
  replaceFile: ReplaceFile,
): Promise<number> {
  let fileLength = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for (const bytes of framesOf(reader, clock)) {
      fileLength += bytes.length;
      yield bytes;
    }
  }
  await replaceFile(path, counted(), { mode: FILE_MODE });
  return fileLength;
}

/** The bytes of a file, a slice of work at a time. */
function* framesOf(reader: SwarmReader, clock: Clock): Generator<Uint8Array> {
  const parts: Uint8Array[] = [MAGIC];
  let frameCount = 0;
  const writer = new BatchWriter({
    maxLength: MAX_BATCH_LENGTH,
    baseS: () => wallS(clock) + MAX_AHEAD_S,
    tickShiftS: () => wallS(clock) - Math.floor(clock.nowMs() / 1_000),
    emit: (batch) => {
      parts.push(frameHeader(batch.length, crc32(batch)), batch);
      frameCount++;
    },
  });
  while (reader.read(SLICE_PEER_COUNT, writer))
    if (parts.length > 0) yield Buffer.concat(parts.splice(0));
  writer.flush();
  parts.push(frameHeader(0, frameCount));
  yield Buffer.concat(parts);
}

/**
 * Refuses a path that holds something else: a snapshot would take its place. None is good, and so is a
 * damaged one, or one of another version.
 * @throws ExchangeError `not-a-snapshot`; the system's error when that cannot be found out
 */
export async function demandSnapshot(path: string): Promise<void> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (stats === undefined) return;
  // Others may block whoever opens them, such as pipes.
  if (!stats.isFile() || !(await beginsAsSnapshot(path)))
    throw new ExchangeError('not-a-snapshot', `${path} is no snapshot of swarms`);
}

async function beginsAsSnapshot(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(FAMILY_LENGTH));
    return buffer.subarray(0, bytesRead).equals(MAGIC.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/**
 * Reads the batches of a snapshot, in order, without ever holding more than one.
 * @throws ExchangeError `bad-snapshot` when it is damaged; the system's error when it cannot be read
 */
export async function* readSnapshot(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const magic = await readExactly(file, MAGIC.length);
    if (!magic.equals(MAGIC)) throw new ExchangeError('bad-snapshot', 'it is of another version');
    for (let frameCount = 0; ; frameCount++) {
      const header = await readExactly(file, FRAME_HEADER_LENGTH);
      const length = header.readUInt32BE(0);
      const check = header.readUInt32BE(4);
      if (length === 0 && check === frameCount) return;
      if (length === 0 || length > MAX_BATCH_LENGTH)
        throw new ExchangeError('bad-snapshot', `frame ${frameCount} of ${length} bytes`);
      const batch = await readExactly(file, length);
      if (crc32(batch) !== check)
        throw new ExchangeError('bad-snapshot', `frame ${frameCount} is damaged`);
      yield batch;
    }
  } finally {
    await file.close();
  }
}

/** @throws ExchangeError `bad-snapshot` when the file ends before */
async function readExactly(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at);
    if (bytesRead === 0)
      throw new ExchangeError('bad-snapshot', `it ends ${length - at} bytes too early`);
    at += bytesRead;
  }
  return bytes;
}

function frameHeader(length: number, check: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_LENGTH);
  header.writeUInt32BE(length, 0);
  header.writeUInt32BE(check, 4);
  return header;
}

function wallS(clock: Clock): number {
  return Math.floor(clock.wallMs() / 1_000);
}
