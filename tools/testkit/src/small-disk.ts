/** A file system of 20 MB, to be filled or made read-only: a tmpfs, so only root has it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why there can be none here; undefined when there can. */
export const noSmallDisk = findReason();

export class SmallDisk implements AsyncDisposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async mount(): Promise<SmallDisk> {
    const path = await mkdtemp(join(tmpdir(), 'shoal-disk-'));
    run('mount', '-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', path);
    return new SmallDisk(path);
  }

  remount(options: string): void {
    run('mount', '-o', `remount,${options}`, this.path);
  }

  async unmount(): Promise<void> {
    run('umount', this.path);
    await rmdir(this.path);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unmount();
  }
}

function findReason(): string | undefined {
  if (process.platform !== 'linux') return 'tmpfs is Linux';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  try {
    run('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt');
    return undefined;
  } catch {
    return 'this root may not mount';
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'ignore' });
}
