import { describe, expect, test } from 'vitest';
import { type MseResponder, WireError, type WireErrorCode } from '../../src/index.ts';
import { fromHex } from '../vectors.ts';
import { seededRandom } from './seeded-random.ts';
import { feed, initiator, protocolName, responder, type Setup, vector } from './sides.ts';

describe('weak keys', () => {
  test.each(vector.must_reject_public_keys)('%.8s… is refused by both sides', (key) => {
    const refused = expect.objectContaining({ name: 'WireError', code: 'mse-weak-key' });
    expect(() => feed(responder(), fromHex(key))).toThrow(refused);
    expect(() => feed(initiator(), fromHex(key))).toThrow(refused);
  });

  test.each(vector.must_accept_public_keys)('%.8s… is none', (key) => {
    expect(feed(responder(), fromHex(key)).send.length).toBe(96);
  });

  test('a key above p is refused', () => {
    expect(() => feed(responder(), new Uint8Array(96).fill(255))).toThrow(WireError);
  });
});

describe('ends a handshake that', () => {
  const wrong = (code: WireErrorCode) => expect.objectContaining({ name: 'WireError', code });
  const offerOf = (setup: Setup): { b: MseResponder; offer: Uint8Array } => {
    const a = initiator(setup);
    const b = responder(setup);
    return { b, offer: feed(a, feed(b, a.start()).send).send };
  };

  test('pads for ever', () => {
    const b = responder();
    feed(b, fromHex(vector.public_a));
    feed(b, new Uint8Array(512 + 19), [7]);
    expect(() => feed(b, new Uint8Array(1))).toThrow(wrong('mse-no-sync'));
    const a = initiator();
    feed(a, fromHex(vector.public_b));
    feed(a, new Uint8Array(512 + 7), [5]);
    expect(() => feed(a, new Uint8Array(1))).toThrow(wrong('mse-no-sync'));
  });

  test('pads with 513 bytes, but not with 512', () => {
    for (const padding of [512, 513]) {
      const { b, offer } = offerOf({});
      const late = Uint8Array.from([...new Uint8Array(padding), ...offer]);
      if (padding === 512) expect(feed(b, late).done).toBeDefined();
      else expect(() => feed(b, late)).toThrow(wrong('mse-no-sync'));
    }
  });

  test('is for a torrent we lack', () => {
    const { b, offer } = offerOf({ known: [] });
    expect(() => feed(b, offer)).toThrow(wrong('mse-unknown-torrent'));
  });

  test('has a wrong verification', () => {
    const { b, offer } = offerOf({});
    offer[40]! ^= 1;
    expect(() => feed(b, offer)).toThrow(wrong('mse-wrong-verification'));
  });

  test('provides nothing we accept: no downgrade', () => {
    const { b, offer } = offerOf({ provide: ['plaintext'], accept: ['rc4'] });
    expect(() => feed(b, offer)).toThrow(wrong('mse-no-method'));
  });

  test.each([0, 1, 3, 4])('selects %i when rc4 alone was provided', (selected) => {
    const a = initiator({ provide: ['rc4'] });
    feed(a, fromHex(vector.public_b));
    const answer = fromHex(vector.message4_no_padding_then_protocol_string).slice(0, 14);
    // The recorded answer selects 2, rc4, in its last byte: the cipher is a xor.
    answer[11]! ^= 2 ^ selected;
    expect(() => feed(a, answer)).toThrow(wrong('mse-no-method'));
  });

  test('announces more than 512 bytes of padding', () => {
    const a = initiator();
    feed(a, fromHex(vector.public_b));
    const answer = fromHex(vector.message4_no_padding_then_protocol_string).slice(0, 14);
    answer[12]! ^= 0x02;
    answer[13]! ^= 0x01;
    expect(() => feed(a, answer)).toThrow(wrong('mse-pad-too-long'));
    const { b, offer } = offerOf({});
    offer[52]! ^= 0x02;
    offer[53]! ^= 0x01;
    expect(() => feed(b, offer)).toThrow('padding of 513 bytes, limit 512');
  });
});

test('after an error nothing more is heard or said', () => {
  const b = responder();
  expect(() => feed(b, new Uint8Array(96))).toThrow(WireError);
  expect(feed(b, new Uint8Array(10_000)).send.length).toBe(0);
});

test('a million random bytes are met with WireError and nothing else', () => {
  const random = seededRandom(20_260_101);
  let left = 1_000_000;
  let errors = 0;
  while (left > 0) {
    const bytes = random.bytes(1 + random.below(4000));
    // Half of them with a key that is right, so that what lies behind it is read too.
    if (random.below(2) === 0) bytes.set(fromHex(vector.public_a).subarray(0, bytes.length));
    left -= bytes.length;
    const side = random.below(2) === 0 ? responder() : initiator();
    try {
      const { done } = feed(side, bytes, [1 + random.below(700)]);
      expect(done).toBeUndefined();
      expect(bytes.length).toBeLessThan(96 + 512 + 20);
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      errors++;
    }
  }
  expect(errors).toBeGreaterThan(300);
});

test('an offer that is damaged in any one byte is met with WireError or taken, and nothing else', () => {
  const a = initiator({ initialPayload: protocolName });
  const first = a.start();
  const offer = feed(a, feed(responder(), first).send).send;
  for (let at = 0; at < offer.length; at++) {
    const damaged = offer.slice();
    damaged[at]! ^= 0x55;
    const b = responder();
    feed(b, first);
    try {
      feed(b, damaged);
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
    }
  }
});
