/** A session of ten pieces that tests talk to, and short words for messages. */
import { PieceLayout } from '@shoal/units';
import { expect } from 'vitest';
import {
  encodeMessage,
  type Message,
  PeerSession,
  type PeerSessionOptions,
  type WireErrorCode,
} from '../src/index.ts';
import { RecordingSink } from './recording-sink.ts';
import { fromHex } from './vectors.ts';

/** Ten pieces of 256 KiB, the last of 100 bytes. */
const layout = new PieceLayout(9 * 262_144 + 100, 262_144);

export function open(options: Partial<PeerSessionOptions> = {}) {
  const sink = new RecordingSink();
  const session = new PeerSession({ sink, layout, fast: true, extended: true, ...options });
  const receive = (...messages: readonly Message[]): void => {
    for (const message of messages) {
      const bytes = encodeMessage(message);
      session.receive(bytes, bytes.length);
    }
  };
  const receiveHex = (hex: string): void => session.receive(fromHex(hex), fromHex(hex).length);
  return { sink, session, receive, receiveHex };
}

export function fault(code: WireErrorCode, details: { got?: number; limit?: number } = {}): object {
  return expect.objectContaining({ name: 'WireError', code, ...details });
}

export const bitfield: Message = { type: 'bitfield', bytes: fromHex('ffc0') };
export const haveAll: Message = { type: 'have-all' };
export const haveNone: Message = { type: 'have-none' };
export const block = new Uint8Array(10);

export function have(pieceIndex: number): Message {
  return { type: 'have', pieceIndex };
}

export function suggest(pieceIndex: number): Message {
  return { type: 'suggest', pieceIndex };
}

export function request(pieceIndex: number, begin: number, length: number): Message {
  return { type: 'request', pieceIndex, begin, length };
}

export function piece(pieceIndex: number, begin: number, bytes: Uint8Array): Message {
  return { type: 'piece', pieceIndex, begin, block: bytes };
}

export function extended(): Message {
  return { type: 'extended', extendedId: 1, payload: block };
}
