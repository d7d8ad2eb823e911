import { decode, encode } from '@shoal/bencode';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutReply, decodeKrpc, encodeKrpc, KRPC_LENGTH_LIMIT } from '../../src/dht/krpc-message.ts';
import { DiscoveryError } from '../../src/index.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const text = (value: Uint8Array): string => Buffer.from(value).toString('latin1');
const T = bytes('aa');
const ID = 'abcdefghij0123456789';

/** From BEP 5, "DHT Queries", as printed there. */
const FROM_THE_BEP = [
  'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe',
  'd1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re',
  'd1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe',
  'd1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe',
  'd1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re',
  'd1:ad2:id20:abcdefghij012345678912:implied_porti0e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe',
  'd1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee',
];

describe('a DHT message', () => {
  it.each(FROM_THE_BEP)('is passed on as it came: %s', (message) => {
    const decoded = decodeKrpc(bytes(message));
    expect(decoded.transactionId).toEqual(T);
    expect(text(encodeKrpc(decoded, T))).toBe(message);
  });

  it('loses what is unknown, and peers of a wrong size', () => {
    const message =
      'd2:ip6:xxxxxx1:rd2:id20:abcdefghij01234567891:pi5e6:valuesl6:axje.u3:abci5eee1:t2:aa1:v4:UT011:y1:re';
    expect(text(encodeKrpc(decodeKrpc(bytes(message)), T))).toBe(
      'd1:rd2:id20:abcdefghij01234567896:valuesl6:axje.uee1:t2:aa1:y1:re',
    );
  });

  it('loses a token that is longer than any node gives', () => {
    const response = (length: number): string =>
      `d1:rd2:id20:abcdefghij01234567895:token${length}:${'x'.repeat(length)}e1:t2:aa1:y1:re`;
    const passedOn = (message: string): string => text(encodeKrpc(decodeKrpc(bytes(message)), T));
    expect(passedOn(response(64))).toBe(response(64));
    expect(passedOn(response(65))).toBe(FROM_THE_BEP[1]!.replace('mnopqrstuvwxyz123456', ID));
  });

  it.each([
    ['no bencode', 'hello'],
    ['a list', 'le'],
    ['no transaction id', 'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:y1:qe'],
    ['an empty transaction id', 'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t0:1:y1:qe'],
    ['a number for a transaction id', 'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:ti5e1:y1:qe'],
    ['another kind', 'd1:t2:aa1:y1:xe'],
    ['a short id', 'd1:ad2:id3:abce1:q4:ping1:t2:aa1:y1:qe'],
    ['a number for an infohash', FROM_THE_BEP[3]!.replace('20:mnopqrstuvwxyz123456', 'i5e')],
    ['a short target', FROM_THE_BEP[2]!.replace('20:mnopqrstuvwxyz123456', '2:mn')],
    ['a number for a token', FROM_THE_BEP[5]!.replace('8:aoeusnth', 'i5e')],
    ['no token', FROM_THE_BEP[5]!.replace('5:token8:aoeusnth', '')],
    ['port 0', FROM_THE_BEP[5]!.replace('i6881e', 'i0e')],
    ['port 65536', FROM_THE_BEP[5]!.replace('i6881e', 'i65536e')],
    ['an unknown query', FROM_THE_BEP[0]!.replace('4:ping', '3:put')],
    ['ragged nodes', 'd1:rd2:id20:abcdefghij01234567895:nodes3:abce1:t2:aa1:y1:re'],
    ['a dict for peers', 'd1:rd2:id20:abcdefghij01234567896:valuesdee1:t2:aa1:y1:re'],
    ['an error without text', 'd1:eli201ee1:t2:aa1:y1:ee'],
    ['1501 bytes', `d1:x${KRPC_LENGTH_LIMIT}:${'x'.repeat(KRPC_LENGTH_LIMIT)}e`],
    ['deep nesting', 'l'.repeat(1400)],
  ])('is refused with %s', (_, message) => {
    expect(() => decodeKrpc(bytes(message))).toThrow(
      expect.objectContaining({ name: 'DiscoveryError', code: 'bad-message' }),
    );
  });

  it('with an implied port may have any port, or none', () => {
    const message = FROM_THE_BEP[5]!.replace('implied_porti0e', 'implied_porti1e');
    for (const port of ['4:porti0e', ''])
      expect(decodeKrpc(bytes(message.replace('4:porti6881e', port))).kind).toBe('query');
  });

  it('is read or refused, whatever is changed in it', () => {
    const change = fc.record({ at: fc.nat(200), byte: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(
        fc.constantFrom(...FROM_THE_BEP),
        fc.array(change, { maxLength: 4 }),
        (message, changes) => {
          let changed = bytes(message);
          for (const { at, byte, cut } of changes) {
            if (cut) changed = changed.slice(0, at);
            else if (at < changed.length) changed[at] = byte;
          }
          try {
            encodeKrpc(decodeKrpc(changed), T);
          } catch (error) {
            expect(error).toBeInstanceOf(DiscoveryError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is cut to so many peers and nodes when it is our answer', () => {
    const body = {
      id: new Uint8Array(20),
      nodes: new Uint8Array(20 * 26),
      values: Array.from({ length: 90 }, () => new Uint8Array(6)),
    };
    const long = decodeKrpc(encode({ r: body, t: T, y: 'r' }));
    const cut = decode(encodeKrpc(cutReply(long, { peerCount: 50, nodeCount: 8 }), T));
    const response = (cut as Map<string, Map<string, Uint8Array | unknown[]>>).get('r')!;
    expect([response.get('values')!.length, response.get('nodes')!.length]).toEqual([50, 208]);
  });
});
