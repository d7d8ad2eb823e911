import { peerAddressFromBytes } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_IP_TEXT_LENGTH, writeDecimal, writeIp } from '../../src/server/write-ip.ts';

function textOf(bytes: Uint8Array): string {
  const out = Buffer.alloc(MAX_IP_TEXT_LENGTH);
  const start = 3;
  const shifted = Uint8Array.of(1, 2, 3, ...bytes);
  return out.toString('latin1', 0, writeIp(out, 0, shifted, start, bytes.length === 4 ? 4 : 6));
}

/** Groups of which many are zero, so that gaps are at every place. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255])))
  // An IPv4 address in there has a form of its own.
  .filter((bytes) => bytes[10] !== 255 || bytes[11] !== 255);

test('writes addresses in the one form that they have', () => {
  const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (bytes) => {
      expect(textOf(bytes)).toBe(peerAddressFromBytes(bytes, 1).host);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['::', []],
  ['::1', [15, 1]],
  ['1::', [1, 1]],
  ['0:1::', [3, 1]],
  ['0:0:1::', [5, 1]],
])('writes %s', (text, [at, byte]) => {
  const bytes = new Uint8Array(16);
  if (at !== undefined) bytes[at] = byte!;
  expect(textOf(bytes)).toBe(text);
});

test('writes every whole number up to five digits', () => {
  const out = Buffer.alloc(5);
  for (let value = 0; value < 65_536; value++)
    if (out.toString('latin1', 0, writeDecimal(out, 0, value)) !== `${value}`)
      expect.fail(`${value}`);
});
