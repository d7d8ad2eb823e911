import { PieceLayout } from '@shoal/units';
import { expect, test } from 'vitest';
import { encodeMessage, type Message, PeerSession, type WireLimits } from '../src/index.ts';
import { RecordingSink } from './recording-sink.ts';
import { fromHex } from './vectors.ts';

const layout = new PieceLayout(10 * 16_384, 16_384);

function openWithoutMetadata(limits: Partial<WireLimits> = {}, ...messages: readonly Message[]) {
  const sink = new RecordingSink();
  const options = { sink, layout: undefined, fast: true, extended: true, limits };
  const session = new PeerSession(options);
  for (const message of messages) {
    const bytes = encodeMessage(message);
    session.receive(bytes, bytes.length);
  }
  return { sink, session };
}

test.each([
  [{ type: 'bitfield', bytes: fromHex('8040') }, ['bitfield', '8040', 2]],
  [{ type: 'have-all' }, ['bitfield', 'ffc0', 10]],
  [{ type: 'have-none' }, ['bitfield', '0000', 0]],
] as const)('what a peer announces before the metadata is told after it: %j', (opening, call) => {
  const { sink, session } = openWithoutMetadata(
    {},
    opening,
    { type: 'have', pieceIndex: 9 },
    { type: 'have', pieceIndex: 3 },
    { type: 'suggest', pieceIndex: 5 },
    { type: 'allowed-fast', pieceIndex: 6 },
    { type: 'unchoke' },
  );
  expect(sink.calls).toEqual([['unchoke']]);
  session.setLayout(layout);
  expect(sink.calls.slice(1)).toEqual([
    call,
    ['have', 3],
    ['have', 9],
    ['suggest', 5],
    ['allowed-fast', 6],
  ]);
  expect(session.mayRequest(6)).toBe(true);
});

test('of several bitfields before the metadata the last counts, and none after have-all', () => {
  const some = { type: 'bitfield', bytes: fromHex('8040') } as const;
  const more = { type: 'bitfield', bytes: fromHex('c040') } as const;
  for (const [messages, call] of [
    [
      [some, more],
      ['bitfield', 'c040', 3],
    ],
    [
      [some, { type: 'have-all' }, more],
      ['bitfield', 'ffc0', 10],
    ],
  ] as const) {
    const { sink, session } = openWithoutMetadata({}, ...messages);
    session.setLayout(layout);
    expect(sink.calls).toEqual([call]);
  }
});

test('a peer that said nothing yet is told nothing of', () => {
  const { sink, session } = openWithoutMetadata();
  session.setLayout(layout);
  session.receive(encodeMessage({ type: 'have-all' }), 5);
  expect(sink.calls).toEqual([['bitfield', 'ffc0', 10]]);
});

test.each([
  [{ type: 'bitfield', bytes: fromHex('80') }, 'wrong-bitfield'],
  [{ type: 'bitfield', bytes: fromHex('8041') }, 'wrong-bitfield'],
  [{ type: 'have', pieceIndex: 10 }, 'no-such-piece'],
  [{ type: 'suggest', pieceIndex: 10 }, 'no-such-piece'],
] as const)('%j is found out by the metadata: %s', (message, code) => {
  const { session } = openWithoutMetadata({}, message);
  expect(() => session.setLayout(layout)).toThrow(expect.objectContaining({ code }));
});

test('a bitfield that was half there when the metadata came is checked like any other', () => {
  const { session, sink } = openWithoutMetadata();
  session.receive(fromHex('0000000405ff'), 6);
  session.setLayout(layout);
  expect(() => session.receive(fromHex('c000'), 2)).toThrow(
    expect.objectContaining({ code: 'wrong-bitfield' }),
  );
  expect(sink.calls).toEqual([]);
});

test('nobody may send blocks of a torrent of which we know nothing', () => {
  const block = new Uint8Array(1);
  expect(() => openWithoutMetadata({}, { type: 'piece', pieceIndex: 0, begin: 0, block })).toThrow(
    expect.objectContaining({ name: 'WireError', code: 'before-metadata' }),
  );
});

test('requests before the metadata go unheard, up to the limit for choked peers', () => {
  const request: Message = { type: 'request', pieceIndex: 0, begin: 0, length: 1 };
  const { sink } = openWithoutMetadata({ chokedRequestCount: 2 }, request, request);
  expect(sink.calls).toEqual([]);
  expect(() => openWithoutMetadata({ chokedRequestCount: 2 }, request, request, request)).toThrow(
    expect.objectContaining({ code: 'choked-requests' }),
  );
});

test('a peer cannot announce more pieces than any torrent we would take has', () => {
  const limits = { pieceCount: 16 };
  expect(() => openWithoutMetadata(limits, { type: 'have', pieceIndex: 16 })).toThrow(
    expect.objectContaining({ code: 'no-such-piece', got: 16, limit: 16 }),
  );
  const { session } = openWithoutMetadata(limits);
  expect(() => session.receive(fromHex('0000000405'), 5)).toThrow(
    expect.objectContaining({ code: 'frame-too-long', got: 4, limit: 3 }),
  );
});

test('a sink that stops in the midst of setLayout hears no more', () => {
  const { session, sink } = openWithoutMetadata(
    {},
    { type: 'have', pieceIndex: 1 },
    { type: 'have', pieceIndex: 2 },
  );
  sink.handleHave = () => {
    sink.calls.push(['stopped']);
    session.stop();
  };
  session.setLayout(layout);
  expect(sink.calls).toEqual([['stopped']]);
});

test('metadata that comes by an extended message takes effect within the same read', () => {
  const { session, sink } = openWithoutMetadata({}, { type: 'have-all' });
  const handleExtended = sink.handleExtended.bind(sink);
  sink.handleExtended = (id, payload) => {
    handleExtended(id, payload);
    session.setLayout(layout);
  };
  session.receive(fromHex('00000002 14 03 0000000504 00000001'), 15);
  expect(sink.calls).toEqual([
    ['extended', 3, ''],
    ['bitfield', 'ffc0', 10],
    ['have', 1],
  ]);
});
