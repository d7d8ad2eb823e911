import { createHash } from 'node:crypto';
import { seededRandom } from '@shoal/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SentBlock, SmartBan } from '../../src/transfer/smart-ban.ts';

const LENGTH = 16;

const hash = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

/** The true bytes of the block at `begin`. */
const good = (begin: number): Uint8Array => new Uint8Array(LENGTH).fill(begin / LENGTH);

/** A block of a piece as `sender` sent it. */
function sent(block: number, sender: string, isGood = true): SentBlock {
  const bytes = good(block * LENGTH);
  if (!isGood) bytes[0]! ^= 0xff;
  return { begin: block * LENGTH, bytes, sender };
}

test('the only sender of a failed piece is guilty at once', () => {
  const smartBan = new SmartBan();
  const blocks = [sent(0, 'liar', false), sent(1, 'liar')];
  expect(smartBan.recordFailure(7, blocks, hash)).toEqual(['liar']);
  expect(smartBan.recordSuccess(7, good, hash)).toEqual([]);
});

test('who sent a block that differs from the good one is guilty, the others are not', () => {
  const smartBan = new SmartBan();
  const blocks = [sent(0, 'honest'), sent(1, 'liar', false), sent(2, 'other'), sent(3, 'liar')];
  expect(smartBan.recordFailure(7, blocks, hash)).toEqual([]);
  expect(smartBan.hasFailed(7)).toBe(true);
  expect(smartBan.recordSuccess(8, good, hash)).toEqual([]);
  expect(smartBan.recordSuccess(7, good, hash)).toEqual(['liar']);
  expect(smartBan.hasFailed(7)).toBe(false);
  expect(smartBan.recordSuccess(7, good, hash)).toEqual([]);
});

test('who sends two versions of one block is guilty before the piece passes', () => {
  const smartBan = new SmartBan();
  smartBan.recordFailure(7, [sent(0, 'liar', false), sent(1, 'other', false)], hash);
  const again = [sent(0, 'liar'), sent(1, 'other', false)];
  expect(smartBan.recordFailure(7, again, hash)).toEqual(['liar']);
  expect(smartBan.recordSuccess(7, good, hash)).toEqual(['other']);
});

test('only the oldest failed pieces are forgotten past the limit', () => {
  const smartBan = new SmartBan(4);
  for (const pieceIndex of [1, 2, 3])
    smartBan.recordFailure(pieceIndex, [sent(0, 'liar', false), sent(1, 'honest')], hash);
  expect([1, 2, 3].map((index) => smartBan.hasFailed(index))).toEqual([false, true, true]);
  expect(smartBan.recordSuccess(3, good, hash)).toEqual(['liar']);
});

test('finds every liar and no one else, whoever sent what', () => {
  const rounds = fc.array(fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(rounds, fc.nat(2), fc.nat(), (senders, liarCount, seed) => {
      const smartBan = new SmartBan();
      const random = seededRandom(seed);
      const guilty = new Set<string>();
      const lied = new Set<string>();
      for (const round of senders) {
        const blocks = round.map((sender, block) => {
          const isGood = sender >= liarCount || random.below(2) === 0;
          if (!isGood) lied.add(`${sender}`);
          return sent(block, `${sender}`, isGood);
        });
        const isPieceGood = blocks.every(({ begin, bytes }) => hash(bytes) === hash(good(begin)));
        if (isPieceGood) continue;
        for (const one of smartBan.recordFailure(0, blocks, hash)) guilty.add(one);
      }
      for (const one of smartBan.recordSuccess(0, good, hash)) guilty.add(one);
      expect([...guilty].sort()).toEqual([...lied].sort());
    }),
  );
});
