import { idToHex } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeBitTorrent, type MseMethod } from '../../src/index.ts';
import { fromHex, toHex } from '../vectors.ts';
import { seededRandom } from './seeded-random.ts';
import { feed, infoHash, initiator, nothing, protocolName, responder, vector } from './sides.ts';

describe('against the recorded handshake', () => {
  /** What the recorded initiator sent along: a BitTorrent handshake. */
  const payload = (): Uint8Array => {
    const side = responder();
    feed(side, fromHex(vector.public_a));
    return feed(side, fromHex(vector.message3_no_padding)).done!.initialPayload;
  };

  test('the responder reads the offer and answers as recorded', () => {
    const side = responder();
    expect(toHex(feed(side, fromHex(vector.public_a)).send)).toBe(vector.public_b);
    const { send, done } = feed(side, fromHex(vector.message3_no_padding));
    expect(done).toMatchObject({ method: 'rc4', infoHash, rest: nothing });
    expect(looksLikeBitTorrent(done!.initialPayload, 68)).toBe(true);
    expect(toHex(send) + toHex(done!.encrypt!.applied(protocolName))).toBe(
      vector.message4_no_padding_then_protocol_string,
    );
  });

  test('the initiator makes the offer as recorded and reads the answer', () => {
    const side = initiator({ initialPayload: payload() });
    expect(toHex(side.start())).toBe(vector.public_a);
    expect(toHex(feed(side, fromHex(vector.public_b)).send)).toBe(vector.message3_no_padding);
    const { done } = feed(side, fromHex(vector.message4_no_padding_then_protocol_string));
    expect(done).toMatchObject({ method: 'rc4', initialPayload: nothing, rest: protocolName });
  });

  test('both are the same one byte at a time', () => {
    const side = responder();
    feed(side, fromHex(vector.public_a), [1]);
    expect(feed(side, fromHex(vector.message3_no_padding), [1]).done?.infoHash).toEqual(infoHash);
  });
});

test('two sides with random keys and padding agree, however the stream is cut', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });
  const methods = fc.shuffledSubarray<MseMethod>(['rc4', 'plaintext'], { minLength: 1 });
  const message = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(
      fc.record({ seed: fc.nat(), cuts, provide: methods, accept: methods }),
      fc.record({ initialPayload: message, toB: message, toA: message }),
      ({ seed, cuts: lengths, provide, accept }, { initialPayload, toB, toA }) => {
        const chosen = accept.find((method) => provide.includes(method));
        fc.pre(chosen !== undefined);
        const a = initiator({ random: seededRandom(seed), provide, initialPayload });
        const b = responder({ random: seededRandom(seed + 1), accept });
        const key = feed(b, a.start(), lengths);
        const offer = feed(a, key.send, lengths);
        const answer = feed(b, offer.send, lengths);
        // B speaks at once: its first bytes may come glued to its choice.
        const ofB = answer.done!;
        const spoken = ofB.encrypt?.applied(toA) ?? toA;
        const glued = Uint8Array.from([...answer.send, ...spoken]);
        const cut = answer.send.length;
        const ofA = feed(a, glued, [cut]).done!;
        expect([ofA.method, ofB.method]).toEqual([chosen, chosen]);
        expect(idToHex(ofB.infoHash)).toBe(idToHex(infoHash));
        expect(ofB.initialPayload).toEqual(initialPayload);
        expect(ofA.decrypt?.applied(spoken) ?? spoken).toEqual(toA);
        const back = ofA.encrypt?.applied(toB) ?? toB;
        expect(ofB.decrypt?.applied(back) ?? back).toEqual(toB);
      },
    ),
    { numRuns: 60 },
  );
});

test.each(['rc4', 'plaintext'] as const)(
  'bytes behind the handshake are handed out: %s',
  (method) => {
    const a = initiator({ initialPayload: protocolName, provide: [method] });
    const b = responder();
    const offer = feed(a, feed(b, a.start()).send).send;
    const answer = feed(b, offer);
    const behind = answer.done!.encrypt?.applied(protocolName) ?? protocolName;
    const { done } = feed(a, Uint8Array.from([...answer.send, ...behind]));
    expect(done).toMatchObject({ method, rest: protocolName });
  },
);

test('padding behind the choice is skipped', () => {
  const a = initiator();
  feed(a, fromHex(vector.public_b));
  const b = responder();
  feed(b, fromHex(vector.public_a));
  const { done } = feed(b, fromHex(vector.message3_no_padding));
  const answer = fromHex(vector.message4_no_padding_then_protocol_string).slice(0, 14);
  answer[13]! ^= 5;
  const tail = done!.encrypt!.applied(Uint8Array.from([1, 2, 3, 4, 5, ...protocolName]));
  expect(feed(a, Uint8Array.from([...answer, ...tail])).done?.rest).toEqual(protocolName);
});

test('an initial payload must fit its length field', () => {
  expect(() => initiator({ initialPayload: new Uint8Array(65_536) })).toThrow(RangeError);
});
