import { idToHex } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiscoveryError, decodeLsdMessage, encodeLsdMessage } from '../../src/index.ts';
import { INFO_HASHES_PER_MESSAGE, MESSAGE_LENGTH_LIMIT } from '../../src/local/lsd-message.ts';
import { infoHash } from '../info-hash.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const HEX = '00112233445566778899aabbccddeeff00112233';

/** Written by hand from the text of BEP 14. */
const FROM_THE_BEP = [
  'BT-SEARCH * HTTP/1.1',
  'Host: 239.192.152.143:6771',
  'Port: 6881',
  `Infohash: ${HEX}`,
  'cookie: a1b2',
  '',
  '',
  '',
].join('\r\n');

describe('a local announce', () => {
  it('is read as BEP 14 writes it', () => {
    const message = decodeLsdMessage(bytes(FROM_THE_BEP));
    expect(message).toMatchObject({ host: '239.192.152.143:6771', port: 6881, cookie: 'a1b2' });
    expect(message.infoHashes.map(idToHex)).toEqual([HEX]);
  });

  it('is written as BEP 14 writes it', () => {
    const message = decodeLsdMessage(bytes(FROM_THE_BEP));
    expect(text(encodeLsdMessage(message))).toBe(FROM_THE_BEP);
  });

  it('may name its headers in any case and order, and have more of them', () => {
    const message = decodeLsdMessage(
      bytes(
        `BT-SEARCH * HTTP/1.1\r\nINFOHASH:${HEX.toUpperCase()}\r\nX: y\r\ninfohash: ${HEX}\r\n` +
          'infohash: short\r\nport:1\r\nno header\r\n\r\n\r\n',
      ),
    );
    expect(message.infoHashes.map(idToHex)).toEqual([HEX, HEX]);
    expect(message).toMatchObject({ host: '', port: 1, cookie: undefined });
  });

  it.each([
    ['nothing', ''],
    ['another protocol', FROM_THE_BEP.replace('BT-SEARCH', 'M-SEARCH')],
    ['no port', FROM_THE_BEP.replace('Port: 6881\r\n', '')],
    ['port 0', FROM_THE_BEP.replace('6881', '0')],
    ['port 65536', FROM_THE_BEP.replace('6881', '65536')],
    ['port -1', FROM_THE_BEP.replace('6881', '-1')],
    ['no infohash', FROM_THE_BEP.replace(HEX, HEX.slice(1))],
    ['1401 bytes', FROM_THE_BEP.padEnd(MESSAGE_LENGTH_LIMIT + 1)],
  ])('is refused with %s', (_, message) => {
    expect(() => decodeLsdMessage(bytes(message))).toThrow(
      expect.objectContaining({ name: 'DiscoveryError', code: 'bad-message' }),
    );
  });

  it('fits into 1400 bytes however many infohashes go into it', () => {
    const message = {
      host: '[ff15::efc0:988f]:6771',
      port: 65_535,
      infoHashes: Array.from({ length: INFO_HASHES_PER_MESSAGE }, (_, n) => infoHash(n)),
      cookie: `shoal-${'f'.repeat(16)}`,
    };
    const encoded = encodeLsdMessage(message);
    expect(encoded.length).toBeLessThanOrEqual(MESSAGE_LENGTH_LIMIT);
    expect(decodeLsdMessage(encoded)).toEqual(message);
  });

  it('is read or refused, whatever the bytes', () => {
    const piece = fc.constantFrom(
      'BT-SEARCH * HTTP/1.1',
      '\r\n',
      '\n',
      'Port: ',
      'Infohash: ',
      HEX,
      ':',
      '6881',
      'cookie: ',
      '\0',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.uint8Array({ maxLength: 20 }), (a, b) => {
        try {
          decodeLsdMessage(Uint8Array.from([...bytes(a.join('')), ...b]));
        } catch (error) {
          expect(error).toBeInstanceOf(DiscoveryError);
        }
      }),
    );
  });
});
