/** Generators of messages: a new variant of Message does not compile until it has one here. */
import fc from 'fast-check';
import type { Message, MessageType } from '../src/index.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const byte = fc.integer({ min: 0, max: 255 });
const bytes = fc.uint8Array({ maxLength: 100 });
const unknownIds = Array.from({ length: 256 }, (_, id) => id).filter(
  (id) => ![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 20].includes(id),
);

type Of<T extends MessageType> = Message & { readonly type: T };

function bare<T extends MessageType>(type: T): fc.Arbitrary<{ type: T }> {
  return fc.constant({ type });
}

function indexed<T extends 'have' | 'suggest' | 'allowed-fast'>(type: T) {
  return fc.record({ type: fc.constant(type), pieceIndex: uint32 });
}

function block<T extends 'request' | 'cancel' | 'reject'>(type: T) {
  return fc.record({
    type: fc.constant(type),
    pieceIndex: uint32,
    begin: uint32,
    length: uint32,
  });
}

export const messageArbitraries: {
  readonly [T in MessageType]: fc.Arbitrary<Of<T>>;
} = {
  'keep-alive': bare('keep-alive'),
  choke: bare('choke'),
  unchoke: bare('unchoke'),
  interested: bare('interested'),
  'not-interested': bare('not-interested'),
  'have-all': bare('have-all'),
  'have-none': bare('have-none'),
  have: indexed('have'),
  suggest: indexed('suggest'),
  'allowed-fast': indexed('allowed-fast'),
  request: block('request'),
  cancel: block('cancel'),
  reject: block('reject'),
  bitfield: fc.record({ type: fc.constant('bitfield' as const), bytes }),
  piece: fc.record({
    type: fc.constant('piece' as const),
    pieceIndex: uint32,
    begin: uint32,
    block: bytes,
  }),
  port: fc.record({
    type: fc.constant('port' as const),
    port: fc.integer({ min: 0, max: 65_535 }),
  }),
  extended: fc.record({
    type: fc.constant('extended' as const),
    extendedId: byte,
    payload: bytes,
  }),
  unknown: fc.record({
    type: fc.constant('unknown' as const),
    id: fc.constantFrom(...unknownIds),
  }),
};

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(messageArbitraries));
