import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileMap } from '../../src/files/file-map.ts';

describe('FileMap', () => {
  it('covers any range byte by byte, but for padding', () => {
    const lengths = fc.array(fc.record({ length: fc.nat(9), isPad: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(lengths, fc.nat(), fc.nat(), (parts, start, size) => {
        const files = parts.map((part, at) => ({ path: [`${at}`], ...part }));
        const map = new FileMap(files);
        const model: (string | undefined)[] = files.flatMap(({ length, isPad }, fileIndex) =>
          Array.from({ length }, (_, at) => (isPad ? undefined : `${fileIndex}:${at}`)),
        );
        expect(map.totalLength).toBe(model.length);
        const offset = start % (model.length + 1);
        const length = Math.min(size % 40, model.length - offset);
        const got: (string | undefined)[] = new Array(length).fill(undefined);
        for (const span of map.spans(offset, length))
          for (let n = 0; n < span.length; n++)
            got[span.at + n] = `${span.fileIndex}:${span.position + n}`;
        expect(got).toEqual(model.slice(offset, offset + length));
      }),
    );
  });

  it('finds a span among a hundred thousand files', () => {
    const files = Array.from({ length: 100_000 }, (_, n) => ({
      path: ['d', `${n}`],
      length: 10,
      isPad: false,
    }));
    expect(new FileMap(files).spans(777_777, 5)).toEqual([
      { fileIndex: 77_777, position: 7, at: 0, length: 3 },
      { fileIndex: 77_778, position: 0, at: 3, length: 2 },
    ]);
  });
});
