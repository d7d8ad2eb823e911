import { describe, expect, test } from 'vitest';
import { encodeMessage, type Message, type PeerSessionOptions } from '../src/index.ts';
import {
  bitfield,
  block,
  extended,
  fault,
  have,
  haveAll,
  haveNone,
  open,
  piece,
  request,
} from './open-session.ts';
import { fromHex } from './vectors.ts';

test('the extended handshake, port and keep-alives may come before the bitfield', () => {
  const { receive, sink } = open();
  receive({ type: 'extended', extendedId: 0, payload: block }, { type: 'keep-alive' });
  receive({ type: 'port', port: 1 }, { type: 'unknown', id: 99 }, bitfield);
  expect(sink.calls.at(-1)).toEqual(['bitfield', 'ffc0', 10]);
});

test('a peer that has nothing may send no bitfield at all', () => {
  const { receive, sink } = open({ fast: false });
  receive(have(3));
  expect(sink.calls).toEqual([['have', 3]]);
});

test('a bitfield or have-all may come again in place of many haves, as aria2 sends them', () => {
  const { receive, sink } = open();
  receive(haveNone, have(3), bitfield, { type: 'interested' }, haveAll);
  expect(sink.calls.filter(([what]) => what !== 'interested')).toEqual([
    ['bitfield', '0000', 0],
    ['have', 3],
    ['bitfield', 'ffc0', 10],
    ['bitfield', 'ffc0', 10],
  ]);
});

test('who has all is not listened to again: each time would cost a walk over all pieces', () => {
  const { receive, sink } = open();
  receive(haveAll, haveAll, bitfield);
  expect(sink.calls).toEqual([['bitfield', 'ffc0', 10]]);
});

test('flags change once, however often the peer repeats itself', () => {
  const { receive, sink, session } = open();
  expect([session.peerChoking, session.peerInterested]).toEqual([true, false]);
  receive({ type: 'choke' }, { type: 'unchoke' }, { type: 'unchoke' });
  receive({ type: 'interested' }, { type: 'interested' }, { type: 'not-interested' });
  expect(sink.calls).toEqual([['unchoke'], ['interested'], ['not-interested']]);
  expect([session.peerChoking, session.peerInterested]).toEqual([false, false]);
});

test('300 requests while choked are handed on, the next one ends the session', () => {
  const { receive, sink } = open();
  for (let n = 0; n < 300; n++) receive(request(0, 0, 1));
  expect(sink.calls.length).toBe(300);
  expect(() => receive(request(0, 0, 1))).toThrow(fault('choked-requests', { limit: 300 }));
});

test('requests are not counted while we unchoke, nor for pieces we allowed fast', () => {
  const { receive, session, sink } = open();
  session.send({ type: 'unchoke' });
  for (let n = 0; n < 400; n++) receive(request(0, 0, 1));
  session.send({ type: 'choke' });
  session.send({ type: 'allowed-fast', pieceIndex: 4 });
  for (let n = 0; n < 400; n++) receive(request(4, 0, 1));
  for (let n = 0; n < 300; n++) receive(request(0, 0, 1));
  expect(sink.calls.length).toBe(1100);
});

test('an allowed-fast piece may be requested while choked, and is told once', () => {
  const { receive, session, sink } = open();
  const asked: Message = request(5, 0, 16_384);
  expect(() => session.send(asked)).toThrow('must not request piece 5: the peer chokes us');
  receive({ type: 'allowed-fast', pieceIndex: 5 }, { type: 'allowed-fast', pieceIndex: 5 });
  expect(sink.calls).toEqual([['allowed-fast', 5]]);
  expect(session.mayRequest(5)).toBe(true);
  expect(session.send(asked)).toEqual(encodeMessage(asked));
});

test('allowed-fast pieces beyond the limit are not heeded', () => {
  const { receive, sink } = open({ limits: { allowedFastCount: 2 } });
  for (const pieceIndex of [1, 2, 3]) receive({ type: 'allowed-fast', pieceIndex });
  expect(sink.calls).toEqual([
    ['allowed-fast', 1],
    ['allowed-fast', 2],
  ]);
});

test('a block length of 128 KiB can be allowed', () => {
  const { receive, sink } = open({ limits: { blockLength: 131_072 } });
  sink.pieces.set(0, new Uint8Array(262_144));
  receive(piece(0, 131_072, new Uint8Array(131_072)));
  expect(sink.calls[0]?.slice(0, 4)).toEqual(['block', 0, 131_072, 131_072]);
});

test('port 0 is no port', () => {
  const { receive, sink } = open();
  receive({ type: 'port', port: 0 });
  expect(sink.calls).toEqual([]);
});

test('a port is told once, and no more than four of one peer', () => {
  const { receive, sink } = open();
  for (let n = 0; n < 1000; n++) receive({ type: 'port', port: 1 + (n % 500) });
  expect(sink.calls).toEqual([1, 2, 3, 4].map((port) => ['port', port]));
});

test('a long message of unknown id is skipped, and one above its limit is not', () => {
  const { receiveHex, sink } = open({ limits: { unknownLength: 100_000, extendedLength: 0 } });
  receiveHex('00010001 3f');
  receiveHex('00'.repeat(65_536));
  receiveHex('00000005 04 00000001');
  expect(sink.calls).toEqual([['have', 1]]);
  expect(() => receiveHex('000186a2 3f')).toThrow(fault('frame-too-long', { limit: 100_001 }));
});

test('stop from inside a call of the sink ends the stream there', () => {
  const { sink, session } = open();
  const bytes = fromHex(`${'0000000504 00000001'.repeat(3)}`);
  sink.handleHave = () => {
    sink.calls.push(['stopped']);
    session.stop();
  };
  session.receive(bytes, bytes.length);
  session.receive(bytes, bytes.length);
  expect(sink.calls).toEqual([['stopped']]);
});

test('a block that is dropped in the middle is drained, and the next is stored', () => {
  const { sink, session, receive } = open();
  sink.pieces.set(1, new Uint8Array(20));
  const bytes = encodeMessage(piece(1, 0, new Uint8Array(10).fill(7)));
  session.receive(bytes.subarray(0, 18), 18);
  session.dropBlock();
  session.receive(bytes.subarray(18), bytes.length - 18);
  receive(piece(1, 10, new Uint8Array(10).fill(8)));
  expect(sink.calls.map(([what, , begin]) => [what, begin])).toEqual([
    ['block', 0],
    ['block', 10],
  ]);
  const expected = [...Array(5).fill(7), ...Array(5).fill(0), ...Array(10).fill(8)];
  expect([...sink.pieces.get(1)!]).toEqual(expected);
});

test('a stop inside blockTarget keeps the block out of the piece', () => {
  const { sink, session, receive } = open();
  const target = new Uint8Array(262_144);
  sink.blockTarget = () => {
    session.stop();
    return target;
  };
  receive(piece(0, 0, Uint8Array.of(1, 2, 3)));
  expect(target[0]).toBe(0);
  expect(sink.calls).toEqual([]);
});

test('an error of the owner is not dressed up as one of the peer', () => {
  const { sink, receive } = open();
  sink.handleHave = () => {
    throw new TypeError('ours');
  };
  expect(() => receive(have(1))).toThrow(TypeError);
});

describe('our own illegal moves are errors of ours:', () => {
  test.each([
    ['a late bitfield', { fast: true }, [{ type: 'interested' }, bitfield]],
    ['have-all twice', { fast: true }, [haveAll, haveAll]],
    ['have-all without BEP 6', { fast: false }, [haveAll]],
    ['reject without BEP 6', { fast: false }, [{ ...request(0, 0, 1), type: 'reject' }]],
    ['extended without BEP 10', { extended: false }, [{ ...extended(), type: 'extended' }]],
  ] as [string, Partial<PeerSessionOptions>, Message[]][])('%s', (_, options, messages) => {
    const { session } = open(options);
    const send = () => messages.map((message) => session.send(message));
    expect(send).toThrow(/^must not send/);
    expect(send).not.toThrow(fault('bitfield-late'));
  });
});
