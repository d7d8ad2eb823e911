/** The numbers of the peer wire protocol. BEP 3, 5, 6 and 10. */
import type { MessageType } from './message.ts';

/** The id byte of each message that has one. */
export const MESSAGE_ID = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  'not-interested': 3,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  port: 9,
  suggest: 13,
  'have-all': 14,
  'have-none': 15,
  reject: 16,
  'allowed-fast': 17,
  extended: 20,
} as const satisfies Record<Exclude<MessageType, 'keep-alive' | 'unknown'>, number>;

/** A message that has an id, and whose meaning is known. */
export type KnownMessageType = keyof typeof MESSAGE_ID;

/** The highest id that is known. */
export const MAX_MESSAGE_ID = 20;

/** Bytes of the length prefix of every frame. */
export const PREFIX_LENGTH = 4;

/** Bytes of a `request`, `cancel` or `reject` message, its length prefix included. */
export const REQUEST_LENGTH = 17;

/** Bytes of a `piece` message before its block, its length prefix included. */
export const PIECE_HEADER_LENGTH = 13;

/** Bytes of a handshake. BEP 3. */
export const HANDSHAKE_LENGTH = 68;

/** Bytes that follow the length prefix, for each message whose length never varies. */
export const FIXED_FRAME_LENGTH = {
  choke: 1,
  unchoke: 1,
  interested: 1,
  'not-interested': 1,
  have: 5,
  request: 13,
  cancel: 13,
  port: 3,
  suggest: 5,
  'have-all': 1,
  'have-none': 1,
  reject: 13,
  'allowed-fast': 5,
} as const satisfies Partial<Record<KnownMessageType, number>>;

const TYPES: (KnownMessageType | undefined)[] = Array.from({ length: 256 });
for (const [type, id] of Object.entries(MESSAGE_ID)) TYPES[id] = type as KnownMessageType;

/** The message that has this id (0..255), or undefined. */
export function messageTypeOf(id: number): KnownMessageType | undefined {
  return TYPES[id];
}
