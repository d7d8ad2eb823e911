/** The messages of the peer wire protocol as types. BEP 3, 5, 6 and 10. */

/**
 * One message. Indexes are as they came and not checked against a torrent; `begin` and `length` are
 * bytes inside a piece. `unknown` is any id that has no other variant; its payload is not kept.
 */
export type Message =
  | { readonly type: 'keep-alive' }
  | { readonly type: 'choke' }
  | { readonly type: 'unchoke' }
  | { readonly type: 'interested' }
  | { readonly type: 'not-interested' }
  | { readonly type: 'have'; readonly pieceIndex: number }
  | { readonly type: 'bitfield'; readonly bytes: Uint8Array }
  | {
      readonly type: 'request' | 'cancel' | 'reject';
      readonly pieceIndex: number;
      readonly begin: number;
      readonly length: number;
    }
  | {
      readonly type: 'piece';
      readonly pieceIndex: number;
      readonly begin: number;
      readonly block: Uint8Array;
    }
  | { readonly type: 'port'; readonly port: number }
  | { readonly type: 'have-all' }
  | { readonly type: 'have-none' }
  | { readonly type: 'suggest' | 'allowed-fast'; readonly pieceIndex: number }
  | { readonly type: 'extended'; readonly extendedId: number; readonly payload: Uint8Array }
  | { readonly type: 'unknown'; readonly id: number };

export type MessageType = Message['type'];
