/** What every chunk store must do, as a suite: run it on yours. Needs vitest. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChunkStore, StoreErrorCode } from './chunk-store.ts';

/** Lengths in bytes. */
export interface ChunkStoreLayout {
  readonly chunkLength: number;
  readonly totalLength: number;
}

/** Four chunks, the last one short. */
const LAYOUT: ChunkStoreLayout = { chunkLength: 1000, totalLength: 3001 };
const COUNT = 4;

/**
 * Declares the suite.
 * @param make - a new, empty store of the layout; called before each test
 * @param skips - names of tests that cannot hold for this store, each with the reason
 */
export function chunkStoreContract(
  name: string,
  make: (layout: ChunkStoreLayout) => Promise<ChunkStore>,
  skips: Readonly<Record<string, string>> = {},
): void {
  describe(`${name} keeps the contract of ChunkStore`, () => {
    let store: ChunkStore;
    const test = (title: string, run: () => Promise<void>): void => {
      const reason = skips[title];
      if (reason === undefined) it(title, run);
      else it.skip(`${title} (${reason})`, run);
    };

    beforeEach(async () => {
      store = await make(LAYOUT);
    });
    afterEach(() => store.close());

    test('says its lengths', async () => {
      expect(store).toMatchObject(LAYOUT);
    });

    test('gives back what was put, whole and in parts', async () => {
      await putAll(store);
      for (let index = 0; index < COUNT; index++) {
        const chunk = chunkOf(index);
        expect(await store.get(index, 0, chunk.length)).toEqual(chunk);
        expect(await store.get(index, chunk.length - 1, 1)).toEqual(chunk.subarray(-1));
      }
      expect(await store.get(1, 250, 500)).toEqual(chunkOf(1).subarray(250, 750));
    });

    test('gives fresh memory of exactly the length', async () => {
      await putAll(store);
      const first = await store.get(0, 0, 100);
      expect(first.byteLength).toBe(100);
      first.fill(0);
      expect(await store.get(0, 0, 100)).toEqual(chunkOf(0).subarray(0, 100));
    });

    test('fills the memory it is given, and nothing beyond', async () => {
      await putAll(store);
      for (let index = 0; index < COUNT; index++) {
        const chunk = chunkOf(index);
        const into = new Uint8Array(chunk.length + 10).fill(255);
        const got = await store.get(index, 0, chunk.length, into);
        expect(got).toEqual(chunk);
        expect(got.buffer).toBe(into.buffer);
        expect(into.subarray(0, chunk.length)).toEqual(chunk);
        expect(into.subarray(chunk.length)).toEqual(new Uint8Array(10).fill(255));
      }
    });

    test('holds nothing after it was erased, and takes chunks again', async () => {
      await putAll(store);
      await store.erase();
      await store.erase();
      await expect(store.get(1, 0, 1)).rejects.toMatchObject({ code: 'missing' });
      await store.put(1, chunkOf(1));
      expect(await store.get(1, 0, 1000)).toEqual(chunkOf(1));
    });

    test('does not keep the memory it was given', async () => {
      const bytes = chunkOf(0);
      await store.put(0, bytes);
      bytes.fill(0);
      expect(await store.get(0, 0, 1000)).toEqual(chunkOf(0));
    });

    test('takes a view into a larger buffer', async () => {
      const chunk = chunkOf(2);
      const larger = new Uint8Array(3000).fill(255);
      larger.set(chunk, 700);
      await store.put(2, larger.subarray(700, 1700));
      expect(await store.get(2, 0, 1000)).toEqual(chunk);
    });

    test('takes chunks in any order, many at once', async () => {
      await Promise.all([3, 1, 0, 2].map((index) => store.put(index, chunkOf(index))));
      const got = await Promise.all([0, 1, 2, 3].map((index) => whole(store, index)));
      expect(got).toEqual([0, 1, 2, 3].map(chunkOf));
    });

    test('takes a chunk again', async () => {
      await Promise.all([store.put(1, chunkOf(1)), store.put(1, chunkOf(1))]);
      await store.put(1, chunkOf(1));
      expect(await whole(store, 1)).toEqual(chunkOf(1));
    });

    test('says missing when nothing was put', async () => {
      await fails(store.get(0, 0, 1000), 'missing');
      await fails(store.get(3, 0, 1), 'missing');
    });

    test('says missing for what comes after the last chunk put', async () => {
      await store.put(1, chunkOf(1));
      await fails(store.get(3, 0, 1), 'missing');
    });

    test('refuses a chunk that does not fit', async () => {
      await fails(store.put(-1, chunkOf(0)), 'bad-chunk');
      await fails(store.put(COUNT, chunkOf(0)), 'bad-chunk');
      await fails(store.put(0.5, chunkOf(0)), 'bad-chunk');
      await fails(store.put(0, chunkOf(0).subarray(1)), 'bad-chunk');
      await fails(store.put(3, chunkOf(0)), 'bad-chunk');
    });

    test('refuses a range outside the chunk', async () => {
      await putAll(store);
      await fails(store.get(0, 0, 1001), 'bad-chunk');
      await fails(store.get(0, -1, 1), 'bad-chunk');
      await fails(store.get(0, 1000, 1), 'bad-chunk');
      await fails(store.get(3, 0, 2), 'bad-chunk');
      await fails(store.get(COUNT, 0, 1), 'bad-chunk');
    });

    test('can be used again after close', async () => {
      await store.put(0, chunkOf(0));
      await store.close();
      await store.close();
      await store.put(1, chunkOf(1));
      expect(await whole(store, 0)).toEqual(chunkOf(0));
      expect(await whole(store, 1)).toEqual(chunkOf(1));
    });

    test('closes after what is under way', async () => {
      const puts = [0, 1, 2].map((index) => store.put(index, chunkOf(index)));
      await store.close();
      await Promise.all(puts);
      expect(await whole(store, 2)).toEqual(chunkOf(2));
    });

    test('syncs with nothing put, after puts and during puts', async () => {
      await store.sync();
      await store.put(0, chunkOf(0));
      const put = store.put(1, chunkOf(1));
      await Promise.all([store.sync(), store.sync(), put]);
      expect(await whole(store, 1)).toEqual(chunkOf(1));
    });

    test('syncs what it adopted, and leaves it as it is', async () => {
      await putAll(store);
      await store.close();
      const marks = await store.marks();
      for (const index of [0, 1, 2, 3]) store.adopt(index);
      await store.sync();
      expect(await store.marks()).toEqual(marks);
      expect(await whole(store, 2)).toEqual(chunkOf(2));
    });

    test('marks change with what lies there, and only then', async () => {
      const empty = await store.marks();
      expect(empty.every(({ length }) => length === 0)).toBe(true);
      await putAll(store);
      await store.sync();
      const full = await store.marks();
      expect(full).toHaveLength(empty.length);
      expect(full.reduce((sum, { length }) => sum + length, 0)).toBe(LAYOUT.totalLength);
      await whole(store, 0);
      await store.close();
      expect(await store.marks()).toEqual(full);
    });

    test('the marks of a chunk are those of its files', async () => {
      await putAll(store);
      const marks = await store.marks();
      const named = new Set<number>();
      for (const index of [0, 1, 2, 3])
        for (const [at, mark] of await store.marksOf(index)) {
          expect(mark).toEqual(marks[at]);
          named.add(at);
        }
      for (const [at, { length }] of marks.entries()) expect(named.has(at)).toBe(length > 0);
    });

    test('gives back what was put, whatever is selected', async () => {
      await store.select(() => false);
      await putAll(store);
      const expected = [0, 1, 2, 3].map(chunkOf);
      for (const isSelected of [false, true, false, true]) {
        await store.select(() => isSelected);
        expect(await Promise.all([0, 1, 2, 3].map((index) => whole(store, index)))).toEqual(
          expected,
        );
        await store.sync();
        await store.close();
        expect(await Promise.all([0, 1, 2, 3].map((index) => whole(store, index)))).toEqual(
          expected,
        );
      }
    });

    test('selects while chunks are put and read', async () => {
      await store.put(0, chunkOf(0));
      const puts = [1, 2, 3].map((index) => store.put(index, chunkOf(index)));
      const selections = [false, true, false].map((on) =>
        store.select((index) => on || index === 0),
      );
      expect(await whole(store, 0)).toEqual(chunkOf(0));
      await Promise.all([...puts, ...selections]);
      for (const index of [0, 1, 2, 3]) expect(await whole(store, index)).toEqual(chunkOf(index));
    });

    test('holds nothing after it was erased, whatever was selected', async () => {
      await store.select(() => false);
      await putAll(store);
      await store.erase();
      await fails(store.get(1, 0, 1), 'missing');
      await store.select(() => true);
      await fails(store.get(1, 0, 1), 'missing');
    });

    test('finishes twice, and loses nothing by it', async () => {
      await putAll(store);
      await store.finish();
      await store.finish();
      expect(await whole(store, 3)).toEqual(chunkOf(3));
    });
  });
}

/** Bytes that differ from chunk to chunk and from place to place. */
function chunkOf(index: number): Uint8Array {
  const length = Math.min(LAYOUT.chunkLength, LAYOUT.totalLength - index * LAYOUT.chunkLength);
  return Uint8Array.from({ length }, (_, at) => 1 + ((index * 31 + at * 7) % 251));
}

function whole(store: ChunkStore, index: number): Promise<Uint8Array> {
  return store.get(index, 0, chunkOf(index).length);
}

async function putAll(store: ChunkStore): Promise<void> {
  for (let index = 0; index < COUNT; index++) await store.put(index, chunkOf(index));
}

async function fails(promise: Promise<unknown>, code: StoreErrorCode): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'StoreError', code });
}
