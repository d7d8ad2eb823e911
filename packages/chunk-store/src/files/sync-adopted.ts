/** Makes durable what somebody else wrote, as far as anybody can. */
import { allSettled } from '../all-settled.ts';
import { StoreError } from '../chunk-store.ts';
import type { Access } from './safe-open.ts';
import { systemCode } from './system-error.ts';

/** Windows flushes only what was opened for writing; elsewhere files are synced that nobody may write to. */
const ACCESS: Access = process.platform === 'win32' ? 'update' : 'read';
/**
 * Bytes were lost, or it may be tried again. Other faults say nothing of a file that was only read: a
 * read-only file system has nothing to sync (EINVAL), and what is gone is found by its mark.
 */
const FAULTS: readonly (string | undefined)[] = ['EIO', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];
/** Synced at once: a third of the time for ten thousand small files, and one of libuv's threads is left. */
const AT_ONCE = 3;

/** Syncs all, some at a time; ends when what has begun has ended. @throws StoreError the first there was */
export async function syncEach<T>(adopted: Iterable<T>, sync: (one: T) => Promise<void>) {
  const waiting = [...adopted].values();
  const work = async (): Promise<void> => {
    for (const one of waiting) await sync(one);
  };
  await allSettled(Array.from({ length: AT_ONCE }, work));
}

/** @param sync - opens for this access, and syncs. @throws StoreError when that may have lost bytes */
export async function syncAdopted(sync: (access: Access) => Promise<void>): Promise<void> {
  try {
    await sync(ACCESS);
  } catch (error) {
    if (!(error instanceof StoreError) || FAULTS.includes(systemCode(error.cause))) throw error;
  }
}
