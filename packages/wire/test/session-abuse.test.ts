import { describe, expect, test } from 'vitest';
import type { Message, WireErrorCode } from '../src/index.ts';
import {
  bitfield,
  block,
  fault,
  have,
  haveAll,
  haveNone,
  open,
  piece,
  request,
  suggest,
} from './open-session.ts';

describe('ends a session with a peer that', () => {
  const cases: [string, WireErrorCode, (peer: ReturnType<typeof open>) => void][] = [
    ['sends a short bitfield', 'wrong-bitfield', (p) => p.receiveHex('0000000205ff')],
    ['sends a long bitfield', 'wrong-bitfield', (p) => p.receiveHex('0000000405ffc000')],
    ['sets a spare bit', 'wrong-bitfield', (p) => p.receiveHex('0000000305ffe0')],
    ['flips from all to none', 'bitfield-late', (p) => p.receive(haveAll, haveNone)],
    ['flips from some to none', 'bitfield-late', (p) => p.receive(bitfield, haveNone)],
    ['says none after a have', 'bitfield-late', (p) => p.receive(have(1), haveNone)],
    [
      'sends a short bitfield late',
      'wrong-bitfield',
      (p) => p.receiveHex('00000001 00 0000000205ff'),
    ],
    ['has a piece that is not there', 'no-such-piece', (p) => p.receive(have(10))],
    ['has piece -1', 'no-such-piece', (p) => p.receiveHex('0000000504ffffffff')],
    ['suggests a piece that is not there', 'no-such-piece', (p) => p.receive(suggest(10))],
    ['asks for a piece that is not there', 'no-such-piece', (p) => p.receive(request(10, 0, 1))],
    ['asks for no bytes', 'outside-piece', (p) => p.receive(request(0, 0, 0))],
    ['asks past the end', 'outside-piece', (p) => p.receive(request(9, 90, 11))],
    ['asks with a begin near 2^32', 'outside-piece', (p) => p.receive(request(0, 2 ** 32 - 1, 2))],
    ['asks for 128 KiB + 1', 'request-too-long', (p) => p.receive(request(0, 0, 131_073))],
    ['sends a block past the end', 'outside-piece', (p) => p.receive(piece(9, 91, block))],
    ['sends an empty block', 'outside-piece', (p) => p.receive(piece(0, 0, new Uint8Array(0)))],
    ['sends a block of no piece', 'no-such-piece', (p) => p.receive(piece(10, 0, block))],
    ['announces a block of 16 KiB + 1', 'frame-too-long', (p) => p.receiveHex('0000400a07')],
    ['announces 4 GiB', 'frame-too-long', (p) => p.receiveHex('ffffffff')],
    ['announces a choke of 9 bytes', 'wrong-length', (p) => p.receiveHex('0000000900')],
    ['announces a have of 2 GiB', 'frame-too-long', (p) => p.receiveHex('7fffffff04')],
    ['announces a piece of 8 bytes', 'wrong-length', (p) => p.receiveHex('0000000807')],
    ['announces an extended of 1 byte', 'wrong-length', (p) => p.receiveHex('0000000114')],
    ['repeats its handshake', 'frame-too-long', (p) => p.receiveHex('13426974546f7272656e74')],
  ];
  test.each(cases)('%s: %s', (_, code, abuse) => {
    expect(() => abuse(open())).toThrow(fault(code));
  });

  test.each([
    haveAll,
    haveNone,
    suggest(1),
    { type: 'allowed-fast', pieceIndex: 1 },
    { type: 'reject', pieceIndex: 1, begin: 0, length: 1 },
  ] as Message[])('sends $type without BEP 6', (message) => {
    expect(() => open({ fast: false }).receive(message)).toThrow(fault('fast-not-agreed'));
  });

  test('sends extended without BEP 10', () => {
    const message: Message = { type: 'extended', extendedId: 0, payload: block };
    expect(() => open({ extended: false }).receive(message)).toThrow(fault('extended-not-agreed'));
  });
});

test('an error names what came and the limit', () => {
  expect(() => open().receiveHex('000182b907')).toThrow('frame of 99001 bytes, limit 16393');
  expect(() => open().receive(have(12))).toThrow(fault('no-such-piece', { got: 12, limit: 10 }));
});
