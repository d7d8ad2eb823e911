import { expect, test } from 'vitest';
import { resolveIpv4 } from '../../src/dht/resolve-name.ts';

const { signal } = new AbortController();

test('an address is its own answer', async () => {
  expect(await resolveIpv4('192.0.2.7', signal)).toEqual(['192.0.2.7']);
});

test('names of this machine are found without the DNS', async () => {
  expect(await resolveIpv4('localhost', signal)).toContain('127.0.0.1');
});

test('a question that is given up fails at once', async () => {
  const controller = new AbortController();
  const answer = resolveIpv4('shoal.invalid', controller.signal);
  controller.abort();
  await expect(answer).rejects.toThrow();
});
