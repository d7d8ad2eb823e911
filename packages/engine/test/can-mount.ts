/** Some tests need a disk that fills up. */
import { spawnSync } from 'node:child_process';

/** Whether a tmpfs can be mounted: that is for root, and not in every container. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return probe.status === 0;
}
