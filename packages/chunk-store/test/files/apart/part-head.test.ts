import { Bitfield } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHead, encodeHead, headLength, slotAt } from '../../../src/files/apart/part-head.ts';

const SHAPE = { chunkLength: 16_384, chunkCount: 3, fileCount: 10 };
/** Files 0 and 9, chunk 2 in slot 0 and chunk 0 in slot 1. */
const BYTES = Buffer.from(
  `${Buffer.from('Shoal part file\n').toString('hex')}00000001000040000000000300${'00000a'}8040000000020000000000000001`,
  'hex',
);

function head(files: readonly number[], slots: [number, number][], shape = SHAPE) {
  const bits = new Bitfield(shape.fileCount);
  for (const index of files) bits.add(index);
  return { files: bits, slots: new Map(slots) };
}

describe('the head of a part file', () => {
  it('has the bytes of its table', () => {
    const slots: [number, number][] = [
      [0, 1],
      [2, 0],
    ];
    expect(Buffer.from(encodeHead(SHAPE, head([0, 9], slots))).toString('hex')).toBe(
      BYTES.toString('hex'),
    );
    expect(decodeHead(SHAPE, BYTES)).toEqual(head([0, 9], slots));
    expect(slotAt(SHAPE, 1)).toBe(4096 + 16_384);
  });

  it('is none when it is of another torrent or another program', () => {
    for (const at of [0, 15, 19, 23, 27, 31]) {
      const bytes = new Uint8Array(BYTES);
      bytes[at]! ^= 1;
      expect(decodeHead(SHAPE, bytes)).toBeUndefined();
    }
    expect(decodeHead(SHAPE, new Uint8Array(headLength(SHAPE)))).toBeUndefined();
  });

  it('is none with a slot given twice, a slot that cannot be, or a file that is not', () => {
    expect(
      decodeHead(
        SHAPE,
        encodeHead(
          SHAPE,
          head(
            [],
            [
              [0, 1],
              [1, 1],
            ],
          ),
        ),
      ),
    ).toBeUndefined();
    expect(decodeHead(SHAPE, encodeHead(SHAPE, head([], [[0, 3]])))).toBeUndefined();
    const bytes = new Uint8Array(BYTES);
    bytes[33]! |= 1;
    expect(decodeHead(SHAPE, bytes)).toBeUndefined();
  });

  it('comes back from its bytes, and from any others as a head or as none', () => {
    const shapes = fc.record({
      chunkLength: fc.integer({ min: 1, max: 2 ** 27 }),
      chunkCount: fc.nat(40),
      fileCount: fc.nat(40),
    });
    fc.assert(
      fc.property(shapes, fc.uint8Array({ maxLength: 300 }), fc.nat(), (shape, noise, seed) => {
        const slots = Array.from({ length: shape.chunkCount }, (_, at): [number, number] => [
          at,
          (at + seed) % shape.chunkCount,
        ]).filter(([at]) => (seed >> (at % 30)) % 2 === 0);
        const files = [...Array(shape.fileCount).keys()].filter(
          (at) => (seed >> (at % 30)) % 3 === 0,
        );
        const bytes = encodeHead(shape, head(files, slots, shape));
        expect(decodeHead(shape, bytes)).toEqual(head(files, slots, shape));
        bytes.set(noise.subarray(0, bytes.length));
        decodeHead(shape, bytes);
      }),
    );
  });
});
