/** Any value that has both a form on the wire and one that `encode` takes: no integer past 2^53. */
import fc from 'fast-check';
import type { BencodeValue } from '../src/index.ts';

const byteString = fc
  .uint8Array({ maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));

export const arbitraryValue: fc.Arbitrary<BencodeValue> = fc.letrec<{ value: BencodeValue }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.maxSafeInteger(),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(tie('value'), { maxLength: 5 }),
      fc
        .uniqueArray(fc.tuple(byteString, tie('value')), {
          maxLength: 5,
          selector: ([key]) => key,
        })
        .map((members) => new Map([...members].sort(([a], [b]) => (a < b ? -1 : 1)))),
    ),
  }),
).value;
