import { Bitfield } from '@shoal/units';
import { expect, test } from 'vitest';
import { greeting } from '../../src/peers/greeting.ts';

const plain = { supportsFast: false, supportsDht: false };
const fast = { supportsFast: true, supportsDht: false };

function field(...pieces: readonly number[]): Bitfield {
  const bits = new Bitfield(4);
  for (const index of pieces) bits.add(index);
  return bits;
}

test.each([
  ['before the metadata is there', undefined],
  ['without a piece', field()],
])('%s, a fast peer hears that we have none, and another hears nothing', (_name, have) => {
  expect(greeting(fast, have, [])).toEqual([{ type: 'have-none' }]);
  expect(greeting(plain, have, [])).toEqual([]);
});

test('with all pieces, a fast peer hears so in a word, and another gets a bitfield', () => {
  const have = field(0, 1, 2, 3);
  expect(greeting(fast, have, [])).toEqual([{ type: 'have-all' }]);
  expect(greeting(plain, have, [])).toEqual([{ type: 'bitfield', bytes: have.bytes }]);
});

test('with some pieces everyone gets a bitfield, and it is a copy', () => {
  const have = field(1);
  for (const peer of [fast, plain]) {
    const messages = greeting(peer, have, []);
    expect(messages).toEqual([{ type: 'bitfield', bytes: new Uint8Array([0b0100_0000]) }]);
  }
  const [message] = greeting(plain, have, []);
  have.add(2);
  expect(message).toEqual({ type: 'bitfield', bytes: new Uint8Array([0b0100_0000]) });
});

test('who runs a DHT node hears where ours are, behind what we have', () => {
  const peer = { supportsFast: true, supportsDht: true };
  expect(greeting(peer, field(), [7001, 7002])).toEqual([
    { type: 'have-none' },
    { type: 'port', port: 7001 },
    { type: 'port', port: 7002 },
  ]);
  expect(greeting(fast, field(), [7001])).toEqual([{ type: 'have-none' }]);
});
