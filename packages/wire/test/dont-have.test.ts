import { expect, test } from 'vitest';
import { decodeDontHave, encodeDontHave } from '../src/index.ts';
import { fromHex } from './vectors.ts';

test('is four bytes, big endian and unsigned (BEP 54)', () => {
  expect(encodeDontHave(0x0102_0304)).toEqual(fromHex('01020304'));
  expect(decodeDontHave(fromHex('fffffffe'))).toBe(4_294_967_294);
});

test.each([0, 1, 2, 3, 5, 8])('refuses a payload of %i bytes', (length) => {
  expect(() => decodeDontHave(new Uint8Array(length))).toThrow(
    expect.objectContaining({ code: 'bad-extended', got: length, limit: 4 }),
  );
});
