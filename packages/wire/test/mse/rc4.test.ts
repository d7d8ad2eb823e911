import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rc4 } from '../../src/index.ts';
import { fromHex, readVectors, toHex } from '../vectors.ts';

interface Vector {
  readonly key: string;
  readonly keystream_first16_after_drop: string;
  readonly keystream_at_4096: string;
  readonly source: string;
}

test.each(readVectors<readonly Vector[]>('rc4_drop1024'))(
  'the key stream of $key is that of $source',
  (vector) => {
    const key = fromHex(vector.key);
    const stream = new Rc4(key, 1024).applied(new Uint8Array(16));
    expect(toHex(stream)).toBe(vector.keystream_first16_after_drop);
    const later = new Rc4(key, 4096).applied(new Uint8Array(16));
    expect(toHex(later)).toBe(vector.keystream_at_4096);
  },
);

test('what one encrypts the other decrypts, in parts of any length, in place or not', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), parts, (key, messages) => {
      const [ours, theirs] = [new Rc4(key, 1024), new Rc4(key, 1024)];
      for (const message of messages) {
        const sent = ours.applied(message);
        theirs.apply(sent, sent, sent.length);
        expect(sent).toEqual(message);
      }
    }),
  );
});

test('apply touches nothing behind the length it is given', () => {
  const target = new Uint8Array(8);
  new Rc4(fromHex('0102030405'), 1024).apply(new Uint8Array(8), target, 4);
  expect(toHex(target)).toBe('30abbcc700000000');
});
