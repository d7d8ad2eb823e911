/** Several listeners of one transport, each on an address of its own. */
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { announce } from './announcer.ts';
import { eventsOf, type Run, ready, startTracker } from './tracker-process.ts';

const HAS_IPV6 = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === '::1');

function run(...args: string[]): Run {
  return startTracker([...args, '--json']);
}

const TWO_HOSTS = ['127.0.0.1:0', '127.0.0.2:0'];
const TWO_FAMILIES = ['127.0.0.1:0', '[::1]:0'];

test.skipIf(!HAS_IPV6)(
  'listens on each address that was given, and it is one tracker (skipped without IPv6)',
  async () => {
    const flags = [...TWO_HOSTS, '[::1]:0'].flatMap((each) => ['--http', each, '--udp', each]);
    const tracker = run(...flags, '--admin', '0');
    const { http } = await ready(tracker);
    const { listening } = eventsOf(tracker)[0] as { listening: string[] };
    expect(listening.map((url) => url.replace(/\d+$/, ''))).toEqual([
      'http://127.0.0.1:',
      'http://127.0.0.2:',
      'http://[::1]:',
      'udp://127.0.0.1:',
      'udp://127.0.0.2:',
      'udp://[::1]:',
    ]);
    const places = listening.slice(0, 3).map((url) => url.slice('http://'.length));
    expect(places[0]).toBe(http);
    for (const [index, place] of places.entries())
      expect(await announce(place, { torrent: 1, port: 1 + index })).toMatchObject({
        leecherCount: 1 + index,
      });
  },
);

test.each([[TWO_HOSTS], [TWO_FAMILIES]])('workers share all ports of %j', async (hosts) => {
  if (hosts === TWO_FAMILIES && !HAS_IPV6) return;
  const tracker = run(
    ...hosts.flatMap((host) => ['--http', host]),
    '--udp',
    'off',
    '--workers',
    '2',
  );
  await ready(tracker);
  const { listening } = eventsOf(tracker)[0] as { listening: string[] };
  expect(listening).toHaveLength(2);
  for (const url of listening) {
    const place = url.slice('http://'.length);
    expect(await announce(place, { torrent: 1, port: 1 })).toMatchObject({ seederCount: 0 });
  }
});

test.skipIf(!HAS_IPV6)(
  'takes one port for IPv4 and IPv6 apart (skipped without IPv6)',
  async () => {
    const first = run('--http', '[::]:0', '--udp', 'off');
    const port = (await ready(first)).http.split(':').at(-1);
    await first.end();
    const tracker = run('--http', `[::]:${port}`, '--http', `0.0.0.0:${port}`, '--udp', 'off');
    await ready(tracker);
    for (const host of ['127.0.0.1', '[::1]'])
      expect(await announce(`${host}:${port}`, { torrent: 1, port: 1 })).toMatchObject({
        seederCount: 0,
      });
  },
);

test.each([
  [['--http', 'off', '--http', '1'], 28],
  [['--http', '127.0.0.1:7000', '--http', '127.0.0.1:7000'], 28],
  [['--udp', '7000', '--udp', '127.0.0.1:7000'], 28],
  [['--admin', '0', '--admin', '0'], 2],
])('refuses %j', async (args, exitCode) => {
  expect(await run(...args).exitCode).toBe(exitCode);
});
