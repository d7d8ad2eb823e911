/** Commands of the system that a test needs and that a machine may not have or allow. */
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Runs a command to its end. @throws when it is not there or fails */
export function runCommand(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'ignore' });
}

/** Makes of a folder a disk of 1 MiB until the test ends. @returns false when that needs more rights */
export function mountSmallDisk(folder: string): boolean {
  try {
    runCommand('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  } catch {
    return false;
  }
  onTestFinished(() => runCommand('umount', folder));
  return true;
}
