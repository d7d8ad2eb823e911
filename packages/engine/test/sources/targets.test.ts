import type { Resolve } from '@shoal/tracker/client';
import { expect, test } from 'vitest';

import { Targets } from '../../src/sources/web-seed/targets.ts';

const wanted = new AbortController().signal;

/** Names and the addresses they have, one list after the other. */
function resolverOf(answers: Record<string, readonly (readonly string[])[]>): Resolve {
  const askedCounts = new Map<string, number>();
  return async (host) => {
    const asked = askedCounts.get(host) ?? 0;
    askedCounts.set(host, asked + 1);
    const lists = answers[host] ?? [];
    const ips = lists[Math.min(asked, lists.length - 1)] ?? [];
    return ips.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
}

const INWARD = [
  '127.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '169.254.169.254',
  '::',
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '172.16.0.1',
  '192.168.1.1',
  'fd00::1',
  'fe80::1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::192.168.0.1',
];

const urlOf = (ip: string): URL => new URL(`http://${ip.includes(':') ? `[${ip}]` : ip}/file`);

test.each(INWARD)('a server out in the world may not redirect to %s', async (ip) => {
  const targets = new Targets(resolverOf({ 'inner.test': [[ip]] }));
  for (const outside of ['http://203.0.113.1/', 'http://[2001:db8::1]/']) {
    const from = await targets.find(new URL(outside), wanted);
    const direct = targets.find(urlOf(ip), wanted, from);
    await expect(direct).rejects.toMatchObject({ code: 'refused' });
    const byName = targets.find(new URL('http://inner.test/file'), wanted, from);
    await expect(byName).rejects.toMatchObject({ code: 'refused' });
  }
});

test.each(INWARD)('a local server at %s is asked for a file and not with a query', async (ip) => {
  const targets = new Targets(resolverOf({}));
  await expect(targets.find(urlOf(ip), wanted)).resolves.toMatchObject({ url: urlOf(ip) });
  const withQuery = new URL(`${urlOf(ip).href}?reboot=1`);
  await expect(targets.find(withQuery, wanted)).rejects.toMatchObject({ code: 'refused' });
});

test('a name that leads inward later than at first is refused (DNS rebinding)', async () => {
  const answers = { 'seed.test': [['203.0.113.1'], ['203.0.113.2'], ['127.0.0.1']] };
  const targets = new Targets(resolverOf(answers));
  const url = new URL('http://seed.test/file');
  expect((await targets.find(url, wanted)).ips).toEqual(['203.0.113.1']);
  expect((await targets.find(url, wanted)).ips).toEqual(['203.0.113.2']);
  await expect(targets.find(url, wanted)).rejects.toMatchObject({ code: 'refused' });
});

test('one local address among others is one too many for a redirect', async () => {
  const targets = new Targets(resolverOf({ 'both.test': [['203.0.113.1', '127.0.0.1']] }));
  const from = await targets.find(new URL('http://203.0.113.9/'), wanted);
  const to = targets.find(new URL('http://both.test/'), wanted, from);
  await expect(to).rejects.toMatchObject({ code: 'refused' });
});

test('redirects among public servers and inside one network are followed', async () => {
  const targets = new Targets(resolverOf({ 'cdn.test': [['2001:db8::7', '203.0.113.7']] }));
  const from = await targets.find(new URL('http://203.0.113.9/'), wanted);
  const to = await targets.find(new URL('https://cdn.test/file?token=1'), wanted, from);
  expect(to.ips).toEqual(['2001:db8::7', '203.0.113.7']);
  const lan = await targets.find(new URL('http://192.168.1.2/'), wanted);
  await expect(targets.find(new URL('http://10.0.0.2/file'), wanted, lan)).resolves.toBeDefined();
});

test('the connection goes to the addresses that were looked at', async () => {
  const targets = new Targets(resolverOf({ 'seed.test': [['203.0.113.1', '2001:db8::1']] }));
  const { lookup } = await targets.find(new URL('http://seed.test/'), wanted);
  const all = Promise.withResolvers<unknown>();
  lookup('seed.test', { all: true }, (_error, addresses) => all.resolve(addresses));
  expect(await all.promise).toEqual([
    { address: '203.0.113.1', family: 4 },
    { address: '2001:db8::1', family: 6 },
  ]);
  const one = Promise.withResolvers<unknown>();
  lookup('seed.test', {}, (_error, address, family) => one.resolve([address, family]));
  expect(await one.promise).toEqual(['203.0.113.1', 4]);
});

test('a name without an address, and a scheme of another kind, are no targets', async () => {
  const targets = new Targets(resolverOf({}));
  const nowhere = targets.find(new URL('http://nowhere.test/'), wanted);
  await expect(nowhere).rejects.toMatchObject({ code: 'broken' });
  for (const url of ['file:///etc/passwd', 'ftp://203.0.113.1/', 'data:,x'])
    await expect(targets.find(new URL(url), wanted)).rejects.toMatchObject({ code: 'refused' });
});

test('a name that nobody waits for any more is no fault of the server', async () => {
  const stopping = new AbortController();
  const resolve: Resolve = (_host, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const found = new Targets(resolve).find(new URL('http://slow.test/'), stopping.signal);
  stopping.abort(new Error('stopped'));
  await expect(found).rejects.toThrow('stopped');
});
