/** Writes a file whole or not at all: beside its place, made durable, renamed into it. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { syncFolder } from './sync-folders.ts';
import { systemCode } from './system-error.ts';

/** A file of nobody else's is never opened, nor one that a link leads to. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
/** Names may have 255 bytes; what is added has 22. */
const KEPT_NAME_LENGTH = 200;

/** What replacing calls. */
type Files = Pick<FileSystem, 'open' | 'close' | 'writev' | 'fsync' | 'rename' | 'unlink'>;

export interface ReplaceOptions {
  /** Permissions of the new file, less what the umask takes. Default 0o666. */
  readonly mode?: number | undefined;
  /** Where the file that was there goes, in the same folder. Without it, that file is gone. */
  readonly formerPath?: string | undefined;
  readonly system?: Files | undefined;
}

/**
 * Puts a new file in the place of what is at `path`, or of nothing. After a crash or a power cut the old
 * one is there, or the new one, whole; with `formerPath` there may be the old one alone, at that path.
 *
 * Several processes, and several calls, may replace one file at once: each writes a temporary file of its
 * own (`.NAME.HEX.tmp`), and the last rename wins. A folder that cannot be synced is no fault:
 * Windows and some mounts have no such thing.
 * @param content - the bytes, or parts of them in order, which are written as they come
 * @throws the system's error, or what `content` throws. Nothing is left beside `path` then, and what was
 *   there still is (with `formerPath`, at either), unless the folder's sync alone failed.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: ReplaceOptions = {},
): Promise<void> {
  const { system = nodeFileSystem, mode, formerPath } = options;
  const temporary = temporaryPath(path);
  const fd = await system.open(temporary, NEW_FILE, mode);
  try {
    try {
      await writeAll(system, fd, content);
      await system.fsync(fd);
    } finally {
      await system.close(fd);
    }
    if (formerPath !== undefined) await moveIfThere(system, path, formerPath);
    await system.rename(temporary, path);
  } catch (error) {
    await system.unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(system, dirname(path));
}

/** Of one call alone: a process id is no name where containers share a folder. */
function temporaryPath(path: string): string {
  const name = Buffer.from(basename(path)).subarray(0, KEPT_NAME_LENGTH).toString();
  return join(dirname(path), `.${name}.${randomBytes(8).toString('hex')}.tmp`);
}

async function writeAll(
  system: Files,
  fd: number,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  let position = 0;
  for await (const bytes of content instanceof Uint8Array ? [content] : content)
    for (let at = 0; at < bytes.length; ) {
      const count = await system.writev(fd, [bytes.subarray(at)], position);
      at += count;
      position += count;
    }
}

async function moveIfThere(system: Files, from: string, to: string): Promise<void> {
  try {
    await system.rename(from, to);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
