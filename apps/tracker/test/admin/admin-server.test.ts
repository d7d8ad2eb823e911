import { connect } from 'node:net';
import { ManualClock } from '@shoal/testkit';
import { formatPeerAddress, silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { AdminServer } from '../../src/admin/admin-server.ts';
import type { AdminSnapshot } from '../../src/admin/snapshot.ts';
import { VERSION } from '../../src/version.ts';
import { type SmallTracker, startSmallTracker } from './small-tracker.ts';

const LARGE = '00112233445566778899aabbccddeeff00112233';
const SMALL = 'ffeeddccbbaa99887766554433221100ffeeddcc';

let clock: ManualClock;
let small: SmallTracker;

beforeEach(async () => {
  clock = new ManualClock();
  small = await startSmallTracker(clock);
});

afterEach(() => small.close());

async function fetchJson<T>(path: string): Promise<T> {
  return (await (await fetch(small.url + path)).json()) as T;
}

/** Sends these bytes and reads until the server ends the connection. */
function sendRaw(request: string): Promise<string> {
  const { host, port } = small.admin.address;
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(request, 'latin1'));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** The status of a GET whose path goes out as it is. */
async function statusOf(path: string, host = 'localhost', method = 'GET'): Promise<number> {
  const answer = await sendRaw(
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

test('/stats.json says what the tracker knows', async () => {
  await small.announce(SMALL, { port: 1, isSeeder: true });
  for (const port of [2, 3]) await small.announce(LARGE, { port, id: '-TR4060-' });
  await small.announce(LARGE, { port: 4, isSeeder: true, id: '-TR4060-' });
  await clock.advance(1_000);
  const stats = await fetchJson<AdminSnapshot>('/stats.json');
  expect(stats).toMatchObject({
    version: VERSION,
    nodeVersion: process.versions.node,
    uptimeS: 1,
    swarmCount: 2,
    peerCount: 4,
    seederCount: 2,
    leecherCount: 2,
    announcesPerS: 4,
    announceHistory: [4],
    torrents: [
      { infoHash: LARGE, seederCount: 1, leecherCount: 2, completedCount: 0 },
      { infoHash: SMALL, seederCount: 1, leecherCount: 0, completedCount: 0 },
    ],
    clients: [
      { name: 'Transmission', share: 0.75 },
      { name: 'Shoal', share: 0.25 },
    ],
  });
  expect(stats.requests).toEqual({ http: expect.objectContaining({ announces: 4 }) });
});

test('/events sends a snapshot at once and one each second', async () => {
  const response = await fetch(`${small.url}/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader.read();
  expect(first.value).toMatch(/^retry: 2000\ndata: \{.*"peerCount":0.*\}\n\n$/);
  await small.announce(LARGE, { port: 1 });
  await clock.advance(1_000);
  const second = await reader.read();
  expect(second.value).toMatch(/^data: \{.*"peerCount":1.*\}\n\n$/);
  await reader.cancel();
});

test('no more than 64 pages look on at the same time', async () => {
  const pages = await Promise.all(Array.from({ length: 64 }, () => fetch(`${small.url}/events`)));
  expect((await fetch(`${small.url}/events`)).status).toBe(503);
  expect((await fetch(`${small.url}/health`)).status).toBe(200);
  for (const page of pages) await page.body?.cancel();
});

test('/torrent.json finds one torrent', async () => {
  await small.announce(LARGE, { port: 1, isSeeder: true });
  expect(await fetchJson(`/torrent.json?infohash=${LARGE.toUpperCase()}`)).toEqual({
    infoHash: LARGE,
    isKnown: true,
    seederCount: 1,
    leecherCount: 0,
    completedCount: 0,
  });
  expect(await fetchJson(`/torrent.json?infohash=${SMALL}`)).toEqual({
    infoHash: SMALL,
    isKnown: false,
  });
  for (const query of ['', '?infohash=', '?infohash=xyz', `?infohash=${LARGE}0`, '?a=b'])
    expect((await fetch(`${small.url}/torrent.json${query}`)).status).toBe(400);
});

test('/metrics keeps to the conventions of Prometheus', async () => {
  await small.announce(LARGE, { port: 1, isSeeder: true });
  await clock.advance(1_000);
  const response = await fetch(`${small.url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  for (const line of [
    '# TYPE shoal_tracker_announces_total counter',
    'shoal_tracker_announces_total{transport="http"} 1',
    'shoal_tracker_announces_total{transport="udp"} 0',
    'shoal_tracker_swarms 1',
    'shoal_tracker_peers{role="seeder"} 1',
    'shoal_tracker_client_ratio{client="Shoal"} 1',
    `shoal_tracker_build_info{version="${VERSION}"} 1`,
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  const names = [...text.matchAll(/^# TYPE (shoal_\S+) (\w+)$/gm)];
  expect(names.length).toBeGreaterThan(8);
  for (const [, name, type] of names) expect(name!.endsWith('_total')).toBe(type === 'counter');
});

test('/health says that it is there', async () => {
  expect(await fetchJson('/health')).toEqual({ status: 'ok' });
});

test('/health is 503 while no worker answers', async () => {
  let answeringCount = 0;
  const { tracker } = small;
  const workers = {
    loads: () => new Map(),
    restartCount: () => 0,
    answeringCount: () => answeringCount,
  };
  const ports = { clock, log: silentLog };
  const admin = await AdminServer.listen({ port: 0, tracker: { ...tracker, workers }, ...ports });
  onTestFinished(() => admin.close());
  const url = `http://${formatPeerAddress(admin.address)}/health`;
  const none = await fetch(url);
  expect(none.status).toBe(503);
  expect(await none.json()).toEqual({ status: 'no worker answers' });
  answeringCount = 1;
  expect((await fetch(url)).status).toBe(200);
});

test.each([
  ['/', 'text/html; charset=utf-8'],
  ['/style.css', 'text/css; charset=utf-8'],
  ['/page.js', 'text/javascript; charset=utf-8'],
  ['/icon.svg', 'image/svg+xml'],
  ['/nothing', 'text/plain; charset=utf-8'],
])('%s comes with headers that let nothing foreign in', async (path, type) => {
  const { headers } = await fetch(small.url + path);
  expect(headers.get('content-type')).toBe(type);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'(;|$)/);
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  for (const name of ['object', 'frame', 'worker', 'media', 'font', 'manifest'])
    expect(headers.get('content-security-policy')).toContain(`; ${name}-src 'none'`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

test('the page asks for nothing that it does not bring', async () => {
  const html = await (await fetch(small.url)).text();
  expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|<script>|<style|https?:/);
  const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
  for (const link of links) expect((await fetch(small.url + link)).status, link).toBe(200);
});

test.each(['/', '/stats.json', '/metrics', '/health', '/events', '/torrent.json'])(
  '%s is not given to another host name',
  async (path) => {
    expect(await statusOf(path, 'evil.example')).toBe(421);
    expect(await statusOf(path, `evil.example:${small.admin.address.port}`)).toBe(421);
  },
);

test('a name that is listed is answered', async () => {
  expect(await statusOf('/', 'tracker.example')).toBe(200);
});

test.each(['/', '/health', '/stats.json', '/metrics', '/events'])(
  'HEAD of %s is as GET without a body, and ends',
  async (path) => {
    const response = await fetch(`${small.url}${path}`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(await response.text()).toBe('');
  },
);

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
  '%s is not answered',
  async (method) => {
    expect(await statusOf('/stats.json', 'localhost', method)).toBe(405);
  },
);

test.each([
  '/../../../etc/passwd',
  '/page/../../admin-server.ts',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '//etc/passwd',
  '/./style.css',
  '/style.css/',
  '/style.css%00.html',
  '/jsconfig.json',
  '/index.html',
  '/__proto__',
  '/constructor',
  'http://localhost/stats.json',
  '*',
  'style.css',
])('%s is nothing that it has', async (path) => {
  expect([400, 404]).toContain(await statusOf(path));
});

test.each([
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['no host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 421],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n', 400],
  [
    'a header of 9 KiB',
    `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${'a'.repeat(9_000)}\r\n\r\n`,
    431,
  ],
  ['no HTTP', '\u0016\u0003\u0001\u0002\u0000\r\n\r\n', 400],
  [
    'a body',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nGET /stats.json',
    405,
  ],
])('%s is refused, and the connection ends', async (_, request, status) => {
  expect(await sendRaw(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('closing ends open pages, twice does no harm, and nothing listens any more', async () => {
  const page = await fetch(`${small.url}/events`);
  await small.admin.close();
  await small.admin.close();
  await expect(page.text()).rejects.toThrow();
  await expect(fetch(small.url)).rejects.toThrow();
});
