/** Tells a process from another that got its number later. */
import { readFile } from 'node:fs/promises';
import { systemCode } from '@shoal/chunk-store';

/**
 * What a running process has that no later one with its number will have: the boot and the moment
 * in it at which it was started. Empty where the system has no `/proc`, or no such process.
 * @param pid - `self` for this one: `/proc` may be of another container, which knows it by another number
 */
export async function processMark(pid: number | 'self'): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  // The second field is a name in parentheses that may hold anything; `starttime` is the 22nd.
  const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return startedAt === undefined || bootId === '' ? '' : `${bootId.trim()} ${startedAt}`;
}

/** Whether a process with this number runs; `mark` is what `processMark` gave when it was seen. */
export async function isRunning(pid: number, mark: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) !== 'EPERM') return false;
  }
  const now = await processMark(pid);
  return mark === '' || now === '' || now === mark;
}
