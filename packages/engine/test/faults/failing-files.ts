/** Makes calls of the file system fail, of those for files below a folder. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/** What the one call is made to fail with, in turn. */
const CODES = ['EIO', 'ENOSPC', 'EMFILE', 'EACCES'] as const;
const BY_PATH = ['open', 'lstat', 'mkdir', 'rename', 'unlink', 'rmdir'] as const;
const BY_NUMBER = ['close', 'read', 'writev', 'fsync', 'ftruncate', 'fstat'] as const;
const OF_PROMISES = ['open', 'readFile', 'readdir', 'rename', 'rm'] as const;
const OF_HANDLES = ['writeFile', 'sync', 'close'] as const;

type Call = (...args: unknown[]) => unknown;
type Owner = Record<string, Call>;

/**
 * Takes the place of functions of `node:fs` until it is disposed of: unlike a port it stands behind
 * every file of the engine, states and locks too.
 */
export class FailingFiles implements Disposable {
  readonly #folder: string;
  readonly #codeFor: (name: string, callNumber: number) => string | undefined;
  readonly #numbers = new Set<unknown>();
  readonly #undo: (() => void)[] = [];
  /** Calls so far. */
  callCount = 0;
  /** What failed, for people; undefined as long as nothing has. */
  failed: string | undefined;

  /** @param failing - the one call that fails, from 1 on; or the code each call fails with, by its name */
  constructor(
    folder: string,
    failing: number | ((name: string) => string | undefined) = Number.POSITIVE_INFINITY,
  ) {
    this.#folder = folder;
    this.#codeFor =
      typeof failing === 'function'
        ? failing
        : (_, callNumber) =>
            callNumber === failing ? CODES[callNumber % CODES.length] : undefined;
    const isOurs = (file: unknown): boolean => typeof file === 'string' && this.#holds(file);
    for (const name of BY_PATH) this.#wrapCallback(name, isOurs);
    for (const name of BY_NUMBER) this.#wrapCallback(name, (fd) => this.#numbers.has(fd));
    for (const name of OF_PROMISES) this.#wrapPromise(fs.promises as never, name, isOurs);
    syncBuiltinESMExports();
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    for (const undo of this.#undo.splice(0)) undo();
    syncBuiltinESMExports();
  }

  /** By its path, or by a handle of its folder. */
  #holds(file: string): boolean {
    const [, fd] = /^\/proc\/self\/fd\/(\d+)(?:\/|$)/.exec(file) ?? [];
    if (fd !== undefined) return this.#numbers.has(Number(fd));
    return file === this.#folder || file.startsWith(`${this.#folder}${path.sep}`);
  }

  /** @returns the error of this call, when it is to fail */
  #next(name: string): Error | undefined {
    const code = this.#codeFor(name, ++this.callCount);
    if (code === undefined) return undefined;
    this.failed = `${name}: ${code}`;
    return Object.assign(new Error(`${code}: made to fail, ${name}`), { code, syscall: name });
  }

  #wrapCallback(name: string, isOurs: (first: unknown) => boolean): void {
    this.#replace(fs as never, name, (real) => (...args) => {
      if (!isOurs(args[0])) return real(...args);
      const done = args.pop() as Call;
      const error = this.#next(name);
      // What fails to close is closed all the same.
      if (error !== undefined && name !== 'close') return void setImmediate(() => done(error));
      if (name === 'close') this.#numbers.delete(args[0]);
      return real(...args, (fault: unknown, ...results: unknown[]) => {
        if (name === 'open' && fault === null) this.#numbers.add(results[0]);
        done(error ?? fault, ...results);
      });
    });
  }

  #wrapPromise(owner: Owner, name: string, isOurs: (first: unknown) => boolean): void {
    this.#replace(owner, name, (real) => async (...args) => {
      if (!isOurs(args[0])) return real.apply(owner, args);
      const error = this.#next(name);
      if (error !== undefined && name !== 'close') throw error;
      const result = await real.apply(owner, args);
      if (error !== undefined) throw error;
      if (name === 'open')
        for (const method of OF_HANDLES) this.#wrapPromise(result as Owner, method, () => true);
      return result;
    });
  }

  #replace(owner: Owner, name: string, wrap: (real: Call) => Call): void {
    const real = owner[name]!;
    owner[name] = wrap(real);
    this.#undo.push(() => {
      owner[name] = real;
    });
  }
}
