import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noSmallDisk, SmallDisk } from '../src/small-disk.ts';

describe.skipIf(noSmallDisk)(`a disk of 20 MB (${noSmallDisk ?? 'a tmpfs'})`, () => {
  it('is soon full, can be made read-only, and is gone in the end', async () => {
    let path: string;
    {
      await using disk = await SmallDisk.mount();
      path = disk.path;
      const writing = writeFile(join(path, 'file'), new Uint8Array(21_000_000));
      await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
      disk.remount('ro');
      await expect(writeFile(join(path, 'a'), '')).rejects.toMatchObject({ code: 'EROFS' });
    }
    await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
