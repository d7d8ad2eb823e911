import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UPLOAD_QUEUE_LIMIT, UploadQueue } from '../../src/transfer/upload-queue.ts';

type Request = readonly [pieceIndex: number, begin: number, length: number];

function take(queue: UploadQueue): Request | undefined {
  if (!queue.seek()) return undefined;
  const request = [queue.pieceIndex, queue.begin, queue.length] as const;
  queue.shift();
  return request;
}

function ahead(queue: UploadQueue, count: number): (readonly number[])[] {
  const seen: (readonly number[])[] = [];
  queue.ahead((pieceIndex, begin) => seen.push([pieceIndex, begin]) < count);
  return seen;
}

const small: fc.Arbitrary<Request> = fc.tuple(fc.nat(2), fc.nat(1), fc.integer({ min: 1, max: 2 }));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('push' as const), request: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), request: small }) },
  fc.record({ do: fc.constantFrom('take' as const, 'seek') }),
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('clear' as const, 'ahead') }) },
);

test('it behaves as a plain list of requests', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const queue = new UploadQueue();
      let model: Request[] = [];
      for (const move of steps) {
        switch (move.do) {
          case 'push':
            queue.push(...move.request);
            model.push(move.request);
            break;
          case 'cancel': {
            const at = model.findIndex((known) => known.join() === move.request.join());
            expect(queue.cancel(...move.request)).toBe(at >= 0);
            if (at >= 0) model.splice(at, 1);
            break;
          }
          case 'take':
            expect(take(queue)).toEqual(model.shift());
            break;
          case 'seek':
            expect(queue.seek()).toBe(model.length > 0);
            break;
          case 'ahead':
            expect(ahead(queue, 3)).toEqual(model.slice(0, 3).map((known) => known.slice(0, 2)));
            break;
          case 'clear':
            expect(queue.clear()).toEqual(model);
            model = [];
        }
        expect(queue.size).toBe(model.length);
      }
    }),
  );
});

test('it keeps the order over tens of thousands of requests', () => {
  const queue = new UploadQueue();
  let served = 0;
  for (let n = 0; n < 10_000; n++) {
    queue.push(n, 0, 1);
    if (n % 3 === 0) continue;
    expect(take(queue)).toEqual([served++, 0, 1]);
  }
  while (queue.seek()) expect(take(queue)).toEqual([served++, 0, 1]);
  expect(served).toBe(10_000);
});

test('it is full when two thousand wait', () => {
  const queue = new UploadQueue();
  for (let n = 0; n < UPLOAD_QUEUE_LIMIT - 1; n++) queue.push(n, 0, 1);
  expect(queue.isFull).toBe(false);
  queue.push(0, 0, 1);
  expect(queue.isFull).toBe(true);
  queue.cancel(5, 0, 1);
  expect(queue.isFull).toBe(false);
});

test('requests that are cancelled again and again take no memory', () => {
  const queue = new UploadQueue();
  queue.push(1, 0, 1);
  for (let n = 0; n < 20_000; n++) {
    queue.push(2, n, 1);
    queue.cancel(2, n - 1, 1);
  }
  expect(queue.size).toBe(2);
  expect(queue.slotCount).toBeLessThanOrEqual(2 * UPLOAD_QUEUE_LIMIT);
  expect(take(queue)).toEqual([1, 0, 1]);
  expect(take(queue)).toEqual([2, 19_999, 1]);
});

test('a request that is cancelled at once takes no slot that later cancels have to pass', () => {
  const queue = new UploadQueue();
  queue.push(1, 0, 1);
  for (let n = 0; n < 20_000; n++) {
    queue.push(2, n, 1);
    queue.push(3, n, 1);
    queue.cancel(2, n, 1);
    queue.cancel(3, n, 1);
    expect(queue.slotCount).toBe(1);
  }
});
