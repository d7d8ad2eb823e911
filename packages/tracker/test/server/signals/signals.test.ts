import { toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExchangeError } from '../../../src/server/exchange/exchange-error.ts';
import { decodeSignal } from '../../../src/server/signals/decode-signal.ts';
import { encodeSignal } from '../../../src/server/signals/encode-signal.ts';
import {
  MAX_SIGNAL_LENGTH,
  type Signal,
  type SignalType,
} from '../../../src/server/signals/signal.ts';

const ORIGIN = '00112233445566ff';

const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
const infoHash = bytes.map((id) => toInfoHash(id)!);
const peerId = bytes.map((id) => toPeerId(id)!);
const text = (maxLength: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength });
const offer = { offerId: text(20), sdp: text(300) };
const count = fc.nat(0xffff_ffff);

const signals: Record<SignalType, fc.Arbitrary<Signal>> = {
  hello: fc.constant({ type: 'hello' }),
  ask: fc.constant({ type: 'ask' }),
  alive: fc.constant({ type: 'alive' }),
  leaving: fc.constant({ type: 'leaving' }),
  counts: fc.record({
    type: fc.constant('counts'),
    swarms: fc.array(
      fc.record({ infoHash, seederCount: count, leecherCount: count, completedCount: count }),
    ),
  }),
  offers: fc.record({
    type: fc.constant('offers'),
    infoHash,
    peerId,
    isSeeder: fc.boolean(),
    offers: fc.array(fc.record(offer), { maxLength: 10 }),
  }),
  answer: fc.record({
    type: fc.constant('answer'),
    infoHash,
    peerId,
    toPeerId: peerId,
    ...offer,
  }),
};
const anySignal = fc.oneof(...Object.values(signals));

/** A value or our error, nothing else. */
function tryDecode(signal: Uint8Array): void {
  try {
    decodeSignal(signal);
  } catch (error) {
    expect(error).toBeInstanceOf(ExchangeError);
    expect(error).toMatchObject({ code: 'bad-signal' });
  }
}

test('decodes what was encoded', () => {
  fc.assert(
    fc.property(anySignal, (signal) => {
      expect(decodeSignal(encodeSignal(ORIGIN, signal))).toEqual({ origin: ORIGIN, signal });
    }),
  );
});

test('reads the bytes of the table', () => {
  const header = `0104${ORIGIN}`;
  const swarm = `${'e1'.repeat(20)}000000010000000200000003`;
  const { signal } = decodeSignal(Buffer.from(header + swarm, 'hex'));
  expect(signal).toEqual({
    type: 'counts',
    swarms: [
      {
        infoHash: new Uint8Array(20).fill(0xe1),
        seederCount: 1,
        leecherCount: 2,
        completedCount: 3,
      },
    ],
  });
});

test('says what is wrong with anything else, cut at every place', () => {
  fc.assert(
    fc.property(anySignal, fc.uint8Array({ maxLength: 400 }), (signal, junk) => {
      const whole = encodeSignal(ORIGIN, signal);
      for (let length = 0; length < Math.min(whole.length, 200); length++)
        tryDecode(whole.subarray(0, length));
      tryDecode(junk);
      tryDecode(Uint8Array.of(1, junk[0]! % 7, ...junk));
    }),
  );
});

test.each([
  ['another version', Uint8Array.of(2, 0, ...new Uint8Array(8))],
  ['an unknown type', Uint8Array.of(1, 7, ...new Uint8Array(8))],
  ['more than there should be', Uint8Array.of(1, 0, ...new Uint8Array(9))],
  ['more than 160 K', new Uint8Array(MAX_SIGNAL_LENGTH + 1)],
  ['an eleventh offer', Uint8Array.of(1, 5, ...new Uint8Array(8 + 41 + 11 * 3))],
])('refuses %s', (_, signal) => {
  expect(() => decodeSignal(signal)).toThrow(ExchangeError);
});
