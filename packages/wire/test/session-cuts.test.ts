import { PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMessage, type Message, PeerSession, WireError } from '../src/index.ts';
import { type Call, RecordingSink } from './recording-sink.ts';
import { fromHex, messageVectors, toHex } from './vectors.ts';

/** Ten pieces, so that the hand-written vectors are all legal. */
const layout = new PieceLayout(10 * 32_768, 32_768);

/** What a session makes of a stream that comes in these reads, all through one shared buffer. */
function callsOf(reads: readonly Uint8Array[]): Call[] {
  const sink = new RecordingSink();
  sink.pieces.set(2, new Uint8Array(32_768));
  const session = new PeerSession({ sink, layout, fast: true, extended: true });
  session.send({ type: 'unchoke' });
  const shared = new Uint8Array(Math.max(...reads.map((read) => read.length)) + 3);
  for (const read of reads) {
    shared.fill(0xee);
    shared.set(read);
    session.receive(shared, read.length);
  }
  return sink.calls;
}

function cutAt(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
  return places.slice(1).map((until, at) => stream.subarray(places[at]!, until));
}

function glue(...parts: readonly Uint8Array[]): Uint8Array {
  return fromHex(parts.map(toHex).join(''));
}

const EXPECTED: Partial<Record<Message['type'], Call>> = {
  unchoke: ['unchoke'],
  interested: ['interested'],
  have: ['have', 9],
  bitfield: ['bitfield', 'ffc0', 10],
  request: ['request', 2, 16_384, 16_384],
  piece: ['block', 2, 16_384, 5, '68656c6c6f'],
  cancel: ['cancel', 2, 16_384, 16_384],
  port: ['port', 6881],
  suggest: ['suggest', 7],
  'have-all': ['bitfield', 'ffc0', 10],
  'have-none': ['bitfield', '0000', 0],
  reject: ['reject', 2, 16_384, 16_384],
  'allowed-fast': ['allowed-fast', 0],
};

test.each(messageVectors)('$message.type is the same whole and at every cut', (vector) => {
  const { bytes, message } = vector;
  const whole = callsOf([bytes]);
  const expected = EXPECTED[message.type];
  if (message.type === 'extended')
    expect(whole).toEqual([['extended', message.extendedId, toHex(message.payload)]]);
  else expect(whole).toEqual(expected === undefined ? [] : [expected]);

  for (let cut = 0; cut <= bytes.length; cut++) expect(callsOf(cutAt(bytes, [cut]))).toEqual(whole);
  expect(callsOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test.each(messageVectors)('$message.type leaves what is glued behind it alone', ({ bytes }) => {
  const have = encodeMessage({ type: 'have', pieceIndex: 3 });
  const whole = callsOf([bytes]);
  expect(callsOf([glue(bytes, have)])).toEqual([...whole, ['have', 3]]);
  for (let trailing = 0; trailing < have.length; trailing++)
    expect(callsOf([glue(bytes, have.subarray(0, trailing))])).toEqual(whole);
});

test('a long stream gives the same calls however it is cut', () => {
  const openings = ['bitfield', 'have-all', 'have-none'];
  const rest = messageVectors.filter(({ message }) => !openings.includes(message.type));
  const block = Uint8Array.from({ length: 16_384 }, (_, at) => at * 31);
  const stream = glue(
    fromHex('0000000305ffc0'),
    ...rest.map(({ bytes }) => bytes),
    encodeMessage({ type: 'piece', pieceIndex: 2, begin: 0, block }),
    encodeMessage({ type: 'extended', extendedId: 3, payload: block }),
    encodeMessage({ type: 'piece', pieceIndex: 4, begin: 16_384, block }),
    encodeMessage({ type: 'have', pieceIndex: 1 }),
  );
  const whole = callsOf([stream]);
  expect(whole.at(-4)).toEqual(['block', 2, 0, 16_384, toHex(block)]);
  expect(whole.at(-2)).toEqual(['block', 4, 16_384, 16_384, '']);
  const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 60 });
  fc.assert(
    fc.property(cuts, (at) => {
      expect(callsOf(cutAt(stream, at))).toEqual(whole);
    }),
  );
});

test('random bytes give calls or one WireError, and then silence', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    // Likely frames: short lengths, known ids.
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 22 })))
      .map((frames) =>
        glue(
          ...frames.map(([length, id]) => {
            const frame = new Uint8Array(4 + length);
            frame[3] = length;
            frame.set([id], Math.min(4, frame.length - 1));
            return frame;
          }),
        ),
      ),
  );
  fc.assert(
    fc.property(bytes, fc.boolean(), (stream, fast) => {
      const sink = new RecordingSink();
      const session = new PeerSession({ sink, layout, fast, extended: fast });
      try {
        session.receive(stream, stream.length);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        const seen = sink.calls.length;
        session.receive(fromHex('0000000101'), 5);
        expect(sink.calls.length).toBe(seen);
      }
    }),
    { numRuns: 1000 },
  );
});
