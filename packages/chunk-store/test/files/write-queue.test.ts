import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WriteQueue } from '../../src/files/write-queue.ts';

/** A file whose writes end when the test says so. */
class HeldFile {
  readonly calls: { position: number; partLengths: number[]; end: PromiseWithResolvers<number> }[] =
    [];
  readonly queue = new WriteQueue((parts, position) => {
    const end = Promise.withResolvers<number>();
    this.calls.push({ position, partLengths: parts.map(({ length }) => length), end });
    return end.promise;
  });

  /** Ends the call under way as the system would and lets the queue go on. */
  async end(length?: number): Promise<void> {
    const { partLengths, end } = this.calls.at(-1)!;
    end.resolve(length ?? partLengths.reduce((sum, part) => sum + part, 0));
    await new Promise(setImmediate);
  }
}

const bytes = (length: number): Uint8Array => new Uint8Array(length);

describe('WriteQueue', () => {
  it('has one write under way and joins those that follow each other', async () => {
    const file = new HeldFile();
    const writes = [
      file.queue.write(0, bytes(10)),
      file.queue.write(30, bytes(10)),
      file.queue.write(20, bytes(10)),
      file.queue.write(100, bytes(5)),
      file.queue.write(40, bytes(7)),
    ];
    expect(file.calls).toHaveLength(1);
    await file.end();
    expect(file.calls).toHaveLength(2);
    await file.end();
    await file.end();
    await file.end();
    await Promise.all(writes);
    expect(file.calls.map(({ position, partLengths }) => [position, ...partLengths])).toEqual([
      [0, 10],
      [30, 10, 7],
      [20, 10],
      [100, 5],
    ]);
  });

  it('goes on after a short write, in the middle of a part', async () => {
    const file = new HeldFile();
    const first = file.queue.write(50, bytes(1));
    const rest = [file.queue.write(0, bytes(10)), file.queue.write(10, bytes(10))];
    await file.end();
    await first;
    await file.end(14);
    await rest[0];
    expect(file.calls.at(-1)).toMatchObject({ position: 14, partLengths: [6] });
    await file.end();
    await rest[1];
  });

  it('fails only those that were not written whole, and goes on with the next', async () => {
    const file = new HeldFile();
    const first = file.queue.write(50, bytes(1));
    const whole = file.queue.write(0, bytes(10));
    const cut = file.queue.write(10, bytes(10)).catch((error: Error) => error.message);
    await file.end();
    await first;
    await file.end(15);
    await whole;
    file.calls.at(-1)!.end.reject(new Error('full'));
    expect(await cut).toBe('full');
    const next = file.queue.write(10, bytes(10));
    await file.end();
    await next;
  });

  it('settles after the writes asked for before, not those that come later', async () => {
    const file = new HeldFile();
    const first = file.queue.write(0, bytes(1));
    let isSettled = false;
    const settled = file.queue.settled().then(() => {
      isSettled = true;
    });
    const later = file.queue.write(9, bytes(1));
    expect(isSettled).toBe(false);
    await file.end();
    await Promise.all([first, settled]);
    await file.end();
    await later;
  });

  it('puts every byte in its place, whatever the order and however short the writes', async () => {
    const cut = fc.record({ part: fc.integer({ min: 1, max: 60 }), turn: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }),
        fc.array(cut, { minLength: 1 }),
        async (order, cuts) => {
          const disk = new Uint8Array(12 * 20);
          let callCount = 0;
          let underWay = 0;
          const queue = new WriteQueue(async (parts, position) => {
            expect(++underWay).toBe(1);
            const { part, turn } = cuts[callCount++ % cuts.length]!;
            for (let n = 0; n < turn; n++) await Promise.resolve();
            const run = Buffer.concat(parts as Uint8Array[]).subarray(0, part);
            disk.set(run, position);
            underWay--;
            return run.length;
          });
          await Promise.all(order.map((n) => queue.write(n * 20, new Uint8Array(20).fill(n + 1))));
          for (const [at, byte] of disk.entries()) expect(byte).toBe(1 + Math.floor(at / 20));
        },
      ),
      { numRuns: 50 },
    );
  });
});
