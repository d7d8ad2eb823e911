import { StoreError } from '@shoal/chunk-store';
import { type PieceIndex, PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXTENT_LENGTH, ExtentCache } from '../../src/transfer/extent-cache.ts';
import { GatedStore } from './gated-store.ts';

const EXTENTS_PER_PIECE = 3;
const PIECE_LENGTH = EXTENTS_PER_PIECE * EXTENT_LENGTH - 1_000;
const TOTAL_LENGTH = 3 * PIECE_LENGTH + 5_000;
const layout = new PieceLayout(TOTAL_LENGTH, PIECE_LENGTH);
const content = new Uint8Array(TOTAL_LENGTH).map((_, at) => (at * 31) >> 8);

interface Stage {
  readonly cache: ExtentCache<string>;
  readonly store: GatedStore;
  /** Waiters that were told, in order. */
  readonly told: string[];
  readonly errors: { readonly waiters: string[]; readonly error: unknown }[];
}

async function makeStage(
  limitExtents: number,
  handleRead: (waiter: string) => void = () => {},
): Promise<Stage> {
  const store = new GatedStore({ chunkLength: PIECE_LENGTH, totalLength: TOTAL_LENGTH });
  await store.fill(content);
  const told: string[] = [];
  const errors: Stage['errors'] = [];
  const cache = new ExtentCache<string>({
    read: (...place) => store.get(...place),
    layout,
    limit: limitExtents * EXTENT_LENGTH,
    handleRead: (waiter) => {
      told.push(waiter);
      handleRead(waiter);
    },
    handleError: (waiters, _pieceIndex, error) => errors.push({ waiters: [...waiters], error }),
  });
  return { cache, store, told, errors };
}

/** The n-th extent of the torrent, by its piece and the offset inside it. */
function extent(n: number): [pieceIndex: PieceIndex, begin: number] {
  const begin = (n % EXTENTS_PER_PIECE) * EXTENT_LENGTH;
  return [Math.floor(n / EXTENTS_PER_PIECE) as PieceIndex, begin];
}

function truth(pieceIndex: PieceIndex, begin: number): Uint8Array {
  const start = layout.offsetOf(pieceIndex) + begin;
  const length = Math.min(EXTENT_LENGTH, layout.lengthOf(pieceIndex) - begin);
  return content.subarray(start, start + length);
}

const turn = (): Promise<unknown> => new Promise(setImmediate);

/** Reads extents one after the other. */
async function read({ cache, store }: Stage, ...extents: readonly number[]): Promise<void> {
  for (const n of extents) {
    cache.fetch(...extent(n), `reader of ${n}`);
    store.reads.at(-1)?.open();
    await turn();
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}

test('many who want the same extent cost one read, and each is told once', async () => {
  const stage = await makeStage(4);
  const { cache, store, told } = stage;
  cache.fetch(...extent(1), 'a');
  cache.fetch(extent(1)[0], extent(1)[1] + 16_384, 'b');
  cache.fetch(...extent(1), 'a');
  expect(store.reads).toHaveLength(1);
  expect(cache.peek(...extent(1))).toBeUndefined();
  store.reads[0]!.open();
  await turn();
  expect(told).toEqual(['a', 'b']);
  expect(isSame(cache.peek(...extent(1)), truth(...extent(1)))).toBe(true);
  cache.fetch(...extent(1), 'c');
  expect(store.reads).toHaveLength(0);
});

test('the last extent of a piece ends with the piece', async () => {
  const stage = await makeStage(4);
  await read(stage, 2, 9);
  expect(stage.cache.peek(...extent(2))).toHaveLength(EXTENT_LENGTH - 1_000);
  expect(stage.cache.peek(...extent(9))).toHaveLength(5_000);
});

describe('when memory is full', () => {
  test('what was used longest ago makes room', async () => {
    const stage = await makeStage(3);
    await read(stage, 0, 1, 3);
    stage.cache.peek(...extent(0));
    await read(stage, 4);
    const kept = [0, 1, 3, 4].filter((n) => stage.cache.peek(...extent(n)) !== undefined);
    expect(kept).toEqual([0, 3, 4]);
  });

  test('what was asked for early and read late is there for who waited', async () => {
    const found: boolean[] = [];
    const stage = await makeStage(2, (waiter) => {
      if (waiter === 'early') found.push(stage.cache.peek(...extent(0)) !== undefined);
    });
    stage.cache.fetch(...extent(0), 'early');
    const [slow] = stage.store.reads;
    await read(stage, 1, 3);
    slow!.open();
    await turn();
    expect(found).toEqual([true]);
  });
});

describe('when a read fails', () => {
  test('all who waited are told, and it may be asked for again', async () => {
    const stage = await makeStage(4);
    const { cache, store, told, errors } = stage;
    const error = new StoreError('missing', 'gone');
    cache.fetch(...extent(0), 'a');
    cache.fetch(...extent(0), 'b');
    store.reads[0]!.open(error);
    await turn();
    expect(errors).toEqual([{ waiters: ['a', 'b'], error }]);
    expect(told).toEqual([]);
    await read(stage, 0);
    expect(told).toEqual(['reader of 0']);
  });
});

test('cleared, it has nothing, and what was on its way tells nobody', async () => {
  const stage = await makeStage(4);
  await read(stage, 0);
  stage.cache.fetch(...extent(1), 'a');
  stage.cache.clear();
  stage.store.reads[0]!.open();
  await turn();
  expect(stage.told).toEqual(['reader of 0']);
  expect([0, 1].map((n) => stage.cache.peek(...extent(n)))).toEqual([undefined, undefined]);
});

test('whatever is fetched and shed, a reader sees only the bytes of the torrent', async () => {
  const extents = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const step = fc.oneof(
    fc.record({ do: fc.constant('fetch' as const), n: fc.constantFrom(...extents) }),
    fc.record({ do: fc.constantFrom('open' as const, 'peek'), n: fc.nat(4) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, isOpen) => {
      let wrongCount = 0;
      let more = 30;
      const look = (n: number): Uint8Array | undefined => {
        const bytes = stage.cache.peek(...extent(n));
        if (bytes !== undefined && !isSame(bytes, truth(...extent(n)))) wrongCount++;
        return bytes;
      };
      // Each reader looks at several extents in one turn, and asks for more before it looks again.
      const stage = await makeStage(2, (waiter) => {
        const n = Number(waiter);
        const first = look(n);
        look(n + 1 < 10 ? n + 1 : 0);
        if (more-- > 0) stage.cache.fetch(...extent((n + 3) % 10), `${(n + 3) % 10}`);
        if (first === undefined || !isSame(first, truth(...extent(n)))) wrongCount++;
      });
      stage.store.isOpen = isOpen;
      for (const move of steps) {
        if (move.do === 'fetch') stage.cache.fetch(...extent(move.n), `${move.n}`);
        else if (move.do === 'peek') look(move.n);
        else stage.store.reads[move.n % Math.max(1, stage.store.reads.length)]?.open();
        await turn();
      }
      expect(wrongCount).toBe(0);
    }),
    { numRuns: 30 },
  );
});
