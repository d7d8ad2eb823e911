import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../src/any-text.ts';

test('any text is whole characters of all planes, and now and then the name of a property', () => {
  const texts = fc.sample(anyText({ maxLength: 20 }), { numRuns: 3_000, seed: 1 });
  expect(texts.every((text) => text.isWellFormed() && [...text].length <= 20)).toBe(true);
  const planes = new Set(
    texts.flatMap((text) => [...text].map((one) => one.codePointAt(0)! >> 16)),
  );
  expect(planes.size).toBe(17);
  expect(texts.some((text) => text.includes('__proto__'))).toBe(true);
});

test('any text shrinks to the shortest that fails, of the first character', () => {
  const { counterexample } = fc.check(fc.property(anyText(), (text) => [...text].length < 3));
  expect(counterexample).toEqual(['\0\0\0']);
});

test('any text is as long as it is told to be', () => {
  const texts = fc.sample(anyText({ minLength: 3, maxLength: 3 }), { numRuns: 100, seed: 1 });
  expect(texts.every((text) => [...text].length === 3)).toBe(true);
});
