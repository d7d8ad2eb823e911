import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { outsideAddress } from '../../src/own-trackers/own-address.ts';
import { ownPlaceOf } from '../../src/own-trackers/own-place.ts';

describe('the place that an announce URL names', () => {
  it('is here for loopback, localhost and the addresses of the interfaces', () => {
    expect(ownPlaceOf('http://127.0.0.1:6969/announce')).toEqual({
      transport: 'http',
      host: '127.0.0.1',
      port: 6969,
    });
    expect(ownPlaceOf('udp://localhost:7000')).toEqual({
      transport: 'udp',
      host: '127.0.0.1',
      port: 7000,
    });
    expect(ownPlaceOf('udp://[::1]:7000/announce')?.host).toBe('::1');
    for (const addresses of Object.values(networkInterfaces()))
      for (const { address, family, scopeid } of addresses ?? [])
        if (!scopeid) {
          const host = family === 'IPv6' ? `[${address}]` : address;
          expect(ownPlaceOf(`http://${host}:6969/announce`)).toBeDefined();
        }
    expect(ownPlaceOf(`http://${outsideAddress()}:6969/announce`)).toBeDefined();
  });

  it.each([
    ['another machine', 'http://192.0.2.7:6969/announce'],
    ['a name, whatever it leads to', 'http://tracker.example:6969/announce'],
    ['any address', 'http://0.0.0.0:6969/announce'],
    ['a port of other services', 'http://127.0.0.1:80/announce'],
    ['no port', 'udp://127.0.0.1'],
    ['another path', 'http://127.0.0.1:6969/admin'],
    ['a passkey, which this tracker has not', 'http://127.0.0.1:6969/0123456789/announce'],
    ['TLS', 'https://127.0.0.1:6969/announce'],
    ['no URL', 'tracker'],
  ])('is not here for %s', (_what, url) => {
    expect(ownPlaceOf(url)).toBeUndefined();
  });
});
