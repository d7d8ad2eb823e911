import { describe, expect, it } from 'vitest';
import { resolvePeers } from '../src/peer-address-flag.ts';

const noName = () => Promise.reject(new Error('ENOTFOUND'));

describe('--peer', () => {
  it('reads addresses without asking for a name', async () => {
    expect(await resolvePeers('192.0.2.7:6881', noName)).toEqual([
      { host: '192.0.2.7', port: 6881, family: 4 },
    ]);
    expect(await resolvePeers('[2001:DB8::1]:1', noName)).toEqual([
      { host: '2001:db8::1', port: 1, family: 6 },
    ]);
  });

  it('takes every address of a name, each once', async () => {
    const resolve = async () => ['192.0.2.1', '2001:db8::1', '192.0.2.1'];
    expect(await resolvePeers('box.lan:7000', resolve)).toEqual([
      { host: '192.0.2.1', port: 7000, family: 4 },
      { host: '2001:db8::1', port: 7000, family: 6 },
    ]);
  });

  it('finds localhost through the system', async () => {
    expect((await resolvePeers('localhost:1')).length).toBeGreaterThan(0);
  });

  it('ends with 1 when a name has no address', async () => {
    await expect(resolvePeers('nobody.invalid:1', noName)).rejects.toMatchObject({ exitCode: 1 });
  });

  it.each(['', 'host', 'host:0', 'host:65536', ':1', 'a b:1', '[::1]', '::1:80'])(
    'refuses "%s" with 28',
    async (text) => {
      await expect(resolvePeers(text, noName)).rejects.toMatchObject({ exitCode: 28 });
    },
  );
});
