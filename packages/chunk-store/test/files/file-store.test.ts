import { mkdir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkStoreContract } from '../../src/contract.ts';
import { FileStore, HandlePool, nodeFileSystem, type StoredFile } from '../../src/index.ts';
import { tempFolder } from '../temp-folder.ts';

const file = (path: string, length: number): StoredFile => ({
  path: path.split('/'),
  length,
  isPad: false,
});
const pad = (length: number): StoredFile => ({ path: ['.pad', `${length}`], length, isPad: true });
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

chunkStoreContract(
  'FileStore with one file',
  async ({ chunkLength, totalLength }) =>
    new FileStore({ root: await tempFolder(), chunkLength, files: [file('one', totalLength)] }),
);

chunkStoreContract(
  'FileStore with many files and one handle',
  async ({ chunkLength, totalLength }) => {
    const files = [file('a/b/c', 10), file('a/d', 1500), file('e', 0), file('f', 1)];
    files.push(file('a/b/g', totalLength - 1511));
    return new FileStore({ root: await tempFolder(), chunkLength, files, maxOpenFiles: 1 });
  },
);

chunkStoreContract('FileStore with a part file', async ({ chunkLength, totalLength }) => {
  const files = [file('a/b/c', 10), file('a/d', 1500), file('e', 0), file('f', 1)];
  files.push(file('a/b/g', totalLength - 1511));
  const root = join(await tempFolder(), 'new');
  return new FileStore({ root, chunkLength, files, partFile: '.parts', maxOpenFiles: 1 });
});

describe('FileStore', () => {
  it('makes the root, the folders and the files when first written to', async () => {
    const root = join(await tempFolder(), 'not', 'there');
    const store = new FileStore({ root, chunkLength: 8, files: [file('a/b', 3), file('c', 5)] });
    await store.put(0, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    await store.close();
    expect([...(await readFile(join(root, 'a', 'b')))]).toEqual([1, 2, 3]);
    expect([...(await readFile(join(root, 'c')))]).toEqual([4, 5, 6, 7, 8]);
  });

  it('reads what another program put there', async () => {
    const root = await tempFolder();
    await writeFile(join(root, 'a'), 'hello');
    const store = new FileStore({ root, chunkLength: 5, files: [file('a', 5)] });
    expect(Buffer.from(await store.get(0, 1, 3)).toString()).toBe('ell');
    await store.close();
  });

  it('creates nothing by reading', async () => {
    const root = join(await tempFolder(), 'x');
    const store = new FileStore({ root, chunkLength: 5, files: [file('a/b', 5)] });
    await expect(store.get(0, 0, 5)).rejects.toMatchObject({ code: 'missing', path: 'a/b' });
    await expect(stat(root)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not store pad files and reads them as zeros', async () => {
    const root = await tempFolder();
    const files = [file('a', 3), pad(5), file('b', 2), pad(6)];
    const store = new FileStore({ root, chunkLength: 8, files });
    await store.put(0, filled(8, 7));
    await store.put(1, filled(8, 9));
    expect([...(await store.get(0, 0, 8))]).toEqual([7, 7, 7, 0, 0, 0, 0, 0]);
    expect([...(await store.get(1, 1, 4))]).toEqual([9, 0, 0, 0]);
    expect((await readdir(root)).sort()).toEqual(['a', 'b']);
    expect((await store.marks()).map(({ length }) => length)).toEqual([3, 0, 2, 0]);
    await store.close();
  });

  it('writes zeros over what was in the memory that a pad is read into', async () => {
    const lengths = fc.array(fc.record({ length: fc.nat(9), isPad: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 20 }), async (shapes, chunkLength) => {
        const files = shapes.map(({ length, isPad }, n) => ({ path: [`${n}`], length, isPad }));
        const whole = Uint8Array.from(files.flatMap((f) => Array(f.length).fill(f.isPad ? 0 : 7)));
        fc.pre(whole.length > 0);
        const store = new FileStore({ root: await tempFolder(), chunkLength, files });
        for (let begin = 0, index = 0; begin < whole.length; begin += chunkLength, index++) {
          const chunk = whole.subarray(begin, begin + chunkLength);
          await store.put(index, chunk);
          for (let from = 0; from < chunk.length; from++) {
            const dirty = new Uint8Array(chunkLength).fill(255);
            const got = await store.get(index, from, chunk.length - from, dirty);
            expect(got).toEqual(chunk.subarray(from));
          }
        }
        await store.close();
      }),
      { numRuns: 50 },
    );
  });

  it('finishes with the empty files and leaves those that are there', async () => {
    const root = await tempFolder();
    await mkdir(join(root, 'x'));
    await writeFile(join(root, 'x', 'full'), 'kept');
    const files = [file('x/full', 0), file('x/y/empty', 0), file('a', 1)];
    const store = new FileStore({ root, chunkLength: 8, files });
    await store.put(0, filled(1, 1));
    await store.finish();
    expect(await readFile(join(root, 'x', 'full'), 'utf8')).toBe('kept');
    expect((await stat(join(root, 'x', 'y', 'empty'))).size).toBe(0);
    await store.close();
  });

  it.each([
    ['never', async () => {}],
    ['before', (store: FileStore) => store.sync()],
  ])('cuts a file it wrote to that was longer before, and no other; %s synced', async (_, sync) => {
    const root = await tempFolder();
    await writeFile(join(root, 'a'), filled(50, 1));
    await writeFile(join(root, 'b'), filled(50, 1));
    const store = new FileStore({ root, chunkLength: 8, files: [file('a', 8), file('b', 8)] });
    await store.put(0, filled(8, 2));
    await sync(store);
    await store.finish();
    expect((await store.marks()).map(({ length }) => length)).toEqual([8, 50]);
    await store.close();
  });

  it('keeps within the shared limit of handles and holds none when closed', async () => {
    const handles = new HandlePool(nodeFileSystem, 3);
    const stores: FileStore[] = [];
    for (let n = 0; n < 4; n++) {
      const files = Array.from({ length: 10 }, (_, at) => file(`${at}`, 10));
      stores.push(new FileStore({ root: await tempFolder(), chunkLength: 100, files, handles }));
    }
    await Promise.all(stores.map((store) => store.put(0, filled(100, 5))));
    expect(handles.openCount).toBeLessThanOrEqual(3);
    const got = await Promise.all(stores.map((store) => store.get(0, 0, 100)));
    expect(got).toEqual(stores.map(() => filled(100, 5)));
    await Promise.all(stores.map((store) => store.sync()));
    await Promise.all(stores.map((store) => store.close()));
    expect(handles.openCount).toBe(0);
  });

  it('says missing once on sync when a file was removed under it, and makes it anew', async () => {
    const root = await tempFolder();
    const store = new FileStore({ root, chunkLength: 4, files: [file('a', 4)] });
    await store.put(0, filled(4, 1));
    await unlink(join(root, 'a'));
    await expect(store.sync()).rejects.toMatchObject({ code: 'missing', path: 'a' });
    await store.sync();
    await store.put(0, filled(4, 1));
    await store.sync();
    expect((await store.marks())[0]!.length).toBe(4);
    await store.close();
  });

  it('says missing once on sync when a folder was removed under it with all its files', async () => {
    const root = await tempFolder();
    const files = [file('a/b', 4), file('a/c', 4), file('d', 4)];
    const store = new FileStore({ root, chunkLength: 12, files });
    await store.put(0, filled(12, 1));
    await rm(join(root, 'a'), { recursive: true });
    await expect(store.sync()).rejects.toMatchObject({ code: 'missing', path: 'a/b' });
    await store.sync();
    await store.put(0, filled(12, 1));
    await store.sync();
    await store.close();
  });
});
