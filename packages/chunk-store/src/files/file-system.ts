/** The system calls the stores on disk make: a narrow port, so that tests can make any of them fail. */
import * as fs from 'node:fs';

/**
 * Files by number. Every call rejects with the system's own error (`code`: ENOSPC, EACCES …).
 * Numbers and callbacks are what is fastest: a `FileHandle` of `fs.promises` costs more per call.
 */
export interface FileSystem {
  /** @param mode - of a file that is made, less what the umask takes; default 0o666 */
  open(path: string, flags: number, mode?: number): Promise<number>;
  close(fd: number): Promise<void>;
  /** Reads into `bytes[at..]` from `position` of the file. @returns bytes read; 0 at its end */
  read(fd: number, bytes: Uint8Array, at: number, position: number): Promise<number>;
  /** @returns bytes written, which may be fewer than given */
  writev(fd: number, parts: readonly Uint8Array[], position: number): Promise<number>;
  fsync(fd: number): Promise<void>;
  truncate(fd: number, length: number): Promise<void>;
  fstat(fd: number): Promise<fs.Stats>;
  /** Of the link itself when it is one. */
  lstat(path: string): Promise<fs.Stats>;
  mkdir(path: string, options: { readonly recursive: boolean }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Only when it is empty. */
  rmdir(path: string): Promise<void>;
  /** A path to what is open, whatever became of its own path; left out where there is none. */
  readonly pathOfHandle?: (fd: number) => string;
}

/** Linux has a link to each open file there, and folders may be passed through by it. */
const HANDLES = '/proc/self/fd';

/** The system's own files, through libuv's threads. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode = 0o666) =>
    new Promise((resolve, reject) =>
      fs.open(path, flags, mode, (error, fd) => (error ? reject(error) : resolve(fd))),
    ),
  close: (fd) => settle((done) => fs.close(fd, done)),
  read: (fd, bytes, at, position) =>
    new Promise((resolve, reject) =>
      fs.read(fd, bytes, at, bytes.length - at, position, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    ),
  writev: (fd, parts, position) =>
    new Promise((resolve, reject) =>
      fs.writev(fd, parts, position, (error, count) => (error ? reject(error) : resolve(count))),
    ),
  fsync: (fd) => settle((done) => fs.fsync(fd, done)),
  truncate: (fd, length) => settle((done) => fs.ftruncate(fd, length, done)),
  fstat: (fd) =>
    new Promise((resolve, reject) =>
      fs.fstat(fd, (error, stats) => (error ? reject(error) : resolve(stats))),
    ),
  lstat: (path) =>
    new Promise((resolve, reject) =>
      fs.lstat(path, (error, stats) => (error ? reject(error) : resolve(stats))),
    ),
  mkdir: (path, options) => settle((done) => fs.mkdir(path, options, (error) => done(error))),
  rename: (from, to) => settle((done) => fs.rename(from, to, done)),
  unlink: (path) => settle((done) => fs.unlink(path, done)),
  rmdir: (path) => settle((done) => fs.rmdir(path, done)),
  ...(fs.existsSync(HANDLES) ? { pathOfHandle: (fd: number) => `${HANDLES}/${fd}` } : {}),
};

function settle(call: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
