/** A file system that fails on demand and counts what is open. */
import { type FileSystem, nodeFileSystem } from '../src/index.ts';

/** No call: it fails never. */
const { pathOfHandle: path } = nodeFileSystem;
const pathOfHandle = path === undefined ? {} : { pathOfHandle: path };

/** A call of the port, by name. */
export type SystemCall = Exclude<keyof FileSystem, 'pathOfHandle'>;

export class FailingSystem {
  /** Open files that were not closed. */
  readonly open = new Set<number>();
  callCount = 0;
  /** Asked before each call; a code makes the call fail with it. */
  failWith: (call: SystemCall, callNumber: number) => string | undefined = () => undefined;

  readonly system: FileSystem = {
    open: (...a) =>
      this.#run('open', async () => {
        const fd = await nodeFileSystem.open(...a);
        this.open.add(fd);
        return fd;
      }),
    close: async (fd) => {
      await nodeFileSystem.close(fd);
      this.open.delete(fd);
      await this.#run('close', async () => {});
    },
    read: (...a) => this.#run('read', () => nodeFileSystem.read(...a)),
    writev: (...a) => this.#run('writev', () => nodeFileSystem.writev(...a)),
    fsync: (...a) => this.#run('fsync', () => nodeFileSystem.fsync(...a)),
    truncate: (...a) => this.#run('truncate', () => nodeFileSystem.truncate(...a)),
    fstat: (...a) => this.#run('fstat', () => nodeFileSystem.fstat(...a)),
    lstat: (...a) => this.#run('lstat', () => nodeFileSystem.lstat(...a)),
    mkdir: (...a) => this.#run('mkdir', () => nodeFileSystem.mkdir(...a)),
    rename: (...a) => this.#run('rename', () => nodeFileSystem.rename(...a)),
    unlink: (...a) => this.#run('unlink', () => nodeFileSystem.unlink(...a)),
    rmdir: (...a) => this.#run('rmdir', () => nodeFileSystem.rmdir(...a)),
    ...pathOfHandle,
  };

  async #run<T>(call: SystemCall, run: () => Promise<T>): Promise<T> {
    const code = this.failWith(call, ++this.callCount);
    if (code !== undefined)
      throw Object.assign(new Error(`${code}: ${call}`), { code, syscall: call });
    return run();
  }
}
