/** .torrent files on disk: read with a bound, written whole or not at all. */
import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '@shoal/chunk-store';
import { cleanText } from './clean-text.ts';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';
import { explainSystemError, isSystemError } from './system-error.ts';

/** Bytes of the largest .torrent that is read, as libtorrent has it. */
export const MAX_TORRENT_LENGTH = 10_000_000;
/** `d`: the first byte of a dict in bencode. */
const DICT = 0x64;
/** A named pipe in a file's place must not hold us until somebody writes to it. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export interface TargetOptions {
  /** Whether a torrent that is there gives way to the new one. */
  readonly mayReplace: boolean;
}

/**
 * Says at once what is no torrent at all, in words of people: those of a decoder speak of bytes.
 * @param subject - where they are from: begins the sentence
 * @throws CliError with exit code 25 when they are no dict of bencode by their first byte, or none
 */
export function demandTorrent(bytes: Uint8Array, subject: string): void {
  if (bytes[0] === DICT) return;
  throw new CliError(
    ExitCode.badBencode,
    `${cleanText(subject, 300)} is ${bytes.length === 0 ? 'empty' : 'no torrent file'}.`,
    'Give a torrent file, a magnet or a folder of torrent files.',
  );
}

/**
 * Reads a file that begins like a .torrent.
 * @throws CliError with the path: missing, unreadable, no plain file, over MAX_TORRENT_LENGTH, no torrent
 */
export async function readTorrentFile(path: string): Promise<Uint8Array> {
  const bytes = await readFileBounded(path);
  demandTorrent(bytes, path);
  return bytes;
}

async function readFileBounded(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, READ);
    try {
      const stats = await file.stat();
      if (!stats.isFile() && !stats.isDirectory()) throw notPlain(path);
      return await readBounded(file, path, stats.size);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw isSystemError(error) ? explainSystemError(error, path) : error;
  }
}

/**
 * Writes a .torrent: afterwards the whole new one is there, or, after an error, what was there before. It
 * never takes the place of a file that is no torrent.
 * @throws CliError with the path: there already, no such folder, not writable, disk full (exit code 9)
 */
export async function writeTorrentFile(
  path: string,
  bytes: Uint8Array,
  options: TargetOptions,
): Promise<void> {
  try {
    await refuseOtherFile(path, options);
    await replaceFile(path, bytes);
  } catch (error) {
    throw explainTarget(error, path);
  }
}

/**
 * Says early, before hours of hashing, what would keep a torrent from being written.
 * @throws CliError as `writeTorrentFile`, but for a full disk
 */
export async function checkTorrentTarget(path: string, options: TargetOptions): Promise<void> {
  try {
    await refuseOtherFile(path, options);
    await access(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw explainTarget(error, path);
  }
}

/**
 * Where to write a torrent.
 * @param output - a path, a folder that exists (the file goes into it), or nothing: `fallback`
 * @param name - the file's name inside a folder
 */
export async function torrentPath(
  output: string | undefined,
  name: string,
  fallback = name,
): Promise<string> {
  if (output === undefined) return fallback;
  const stats = await stat(output).catch(() => undefined);
  return stats?.isDirectory() ? join(output, name.replaceAll('/', '_')) : output;
}

/** What the file system says of the length is no bound: it may grow, or be no file of a disk. */
async function readBounded(file: FileHandle, path: string, length: number): Promise<Uint8Array> {
  if (length > MAX_TORRENT_LENGTH) throw tooLong(path);
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of file.createReadStream({ end: MAX_TORRENT_LENGTH, autoClose: false })) {
    parts.push(part);
    total += part.length;
  }
  if (total > MAX_TORRENT_LENGTH) throw tooLong(path);
  return new Uint8Array(Buffer.concat(parts));
}

/** A mistyped `-o movie.mkv` must not cost the film: only what begins like a dict is replaced. */
async function refuseOtherFile(path: string, { mayReplace }: TargetOptions): Promise<void> {
  const file = await open(path, READ).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    const stats = await file.stat();
    const isOdd = !stats.isFile() && !stats.isDirectory();
    const { bytesRead, buffer } = await file.read(new Uint8Array(3), 0, isOdd ? 0 : 3, 0);
    const head = new TextDecoder('latin1').decode(buffer.subarray(0, bytesRead));
    if (isOdd || (bytesRead > 0 && !/^d\d/.test(head)))
      throw new CliError(
        ExitCode.error,
        `${path} is there already and is no torrent.`,
        'Give another path with --output.',
      );
    if (!mayReplace)
      throw new CliError(
        ExitCode.error,
        `${path} is there already.`,
        'Move it away, or run shoal create with --output or --force.',
      );
  } finally {
    await file.close();
  }
}

/** What is missing, or forbids it, is as a rule the folder: that is named then. */
function explainTarget(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  const folder = cleanText(dirname(path), 300);
  const next = 'Make it, or give another path with --output.';
  if (error.code === 'ENOENT')
    return new CliError(ExitCode.error, `The folder ${folder} does not exist.`, next, {
      cause: error,
    });
  const isFolders = error.syscall === 'access' && error.code !== 'EROFS';
  return explainSystemError(error, isFolders ? `The folder ${folder}` : path);
}

function notPlain(path: string): CliError {
  return new CliError(
    ExitCode.error,
    `${path} is a device or a pipe, not a plain file.`,
    'Save the torrent to a file first.',
  );
}

function tooLong(path: string): CliError {
  return new CliError(
    ExitCode.badTorrent,
    `${path} is longer than the ${MAX_TORRENT_LENGTH} bytes that a torrent has at most.`,
    'Check that it is the file you mean.',
  );
}
