/**
 * Browser peers: npm webtorrent in two Chromiums on hosts of their own, which find each other
 * through shoal-tracker's WebSocket alone and exchange a file over WebRTC.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { shoalProgram } from '../clients/shoal.ts';
import type { Host } from '../hosts.ts';
import type { Program } from '../program.ts';
import { output } from '../run.ts';
import { scrape, TRACKER_PORT } from '../trackers/tracker.ts';

/** Installed with what `npm run bench` measures against, under a lock of its own. */
const RIVALS = join(import.meta.dirname, '..', '..', '..', 'bench', 'rivals');
const BUNDLE = join(RIVALS, 'node_modules', 'webtorrent', 'dist', 'webtorrent.min.js');
const PAGE_SERVER = join(import.meta.dirname, '..', 'webtorrent', 'page-server.ts');
const WS_PORT = 8000;

const CHROMIUM_FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-quic'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // Else a page hides its addresses behind names that only mDNS resolves.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

/** Opens the page on a host. @returns what prints its reports */
async function openPage(arena: Arena, host: Host, query: URLSearchParams): Promise<Program> {
  const name = `page on ${host.v4}`;
  const page = arena.start(host, name, [process.execPath, PAGE_SERVER, BUNDLE]);
  const [, url = ''] = await page.line(/"event":"ready","url":"([^"]+)"/, arena.signal);
  const profile = await arena.subfolder(`chromium-${host.v4}`);
  const flags = [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`];
  arena.start(host, `chromium on ${host.v4}`, ['chromium', ...flags, `${url}?${query}`]);
  return page;
}

/** Waits for a report. @throws Error when the page reports an error */
async function reportOf(
  arena: Arena,
  page: Program,
  event: string,
): Promise<Record<string, unknown>> {
  const [line] = await page.line(
    new RegExp(`^\\{"event":"(?:${event}|error)".*$`, 'm'),
    arena.signal,
  );
  const report = JSON.parse(line) as Record<string, unknown>;
  if (report.event === 'error') throw new Error(`${page.name}: ${String(report.reason)}`);
  return report;
}

async function exchangeFile(arena: Arena): Promise<void> {
  if (!existsSync(BUNDLE)) {
    await output(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: RIVALS });
  }
  const [trackerHost, second, third] = [1, 2, 3].map((n) => arena.host(n)) as [Host, Host, Host];
  const tracker = arena.start(trackerHost, 'shoal-tracker', [
    ...shoalProgram('shoal-tracker'),
    ...['--http', String(TRACKER_PORT), '--udp', 'off', '--ws', String(WS_PORT), '--json'],
  ]);
  await tracker.line(/"event":"ready"/, arena.signal);
  const url = `ws://${trackerHost.v4}:${WS_PORT}/announce`;
  const seeding = await openPage(arena, second, new URLSearchParams({ tracker: url }));
  const seeded = await reportOf(arena, seeding, 'seeding');
  const query = new URLSearchParams({ magnet: String(seeded.magnet) });
  const fetching = await openPage(arena, third, query);
  const fetched = await reportOf(arena, fetching, 'fetched');
  if (fetched.sha256 !== seeded.sha256) throw new Error('the file came out different');
  const wires = (fetched.wires as readonly string[]).join();
  if (wires !== 'webrtc') throw new Error(`fetched over "${wires}", not over one webrtc`);
  const counts = await scrape(arena, trackerHost, String(seeded.infoHash));
  if (!/8:completei[12]e/.test(counts)) throw new Error(`the tracker counts ${counts}`);
}

export const browserCases: readonly Case[] = [
  {
    name: 'npm webtorrent in chromium -> webtorrent in chromium by magnet, shoal-tracker over ws',
    needs: ['chromium', 'npm'],
    needsHosts: true,
    limitS: 90,
    run: exchangeFile,
  },
];
