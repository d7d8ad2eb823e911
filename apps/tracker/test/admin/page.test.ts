import { formatPeerAddress, silentLog } from '@shoal/units';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters.ts';
import { AdminServer } from '../../src/admin/admin-server.ts';
import { CHROMIUM, Chromium, type Tab } from './chromium.ts';
import { type SmallTracker, startSmallTracker } from './small-tracker.ts';

const LARGE = '00112233445566778899aabbccddeeff00112233';
const SMALL = 'ffeeddccbbaa99887766554433221100ffeeddcc';
const WAIT = { timeout: 10_000 };

/** With `CI` set nothing is skipped: without Chromium these fail. */
const isSkipped = CHROMIUM === undefined && process.env.CI === undefined;
const reason = isSkipped ? ' (skipped: no Chromium on this machine)' : '';

describe.skipIf(isSkipped)(`the admin page in Chromium${reason}`, () => {
  let chromium: Chromium;
  let tab: Tab;
  let small: SmallTracker;

  beforeAll(async () => {
    chromium = await Chromium.start(CHROMIUM!);
    tab = chromium.tab;
  });

  afterAll(() => chromium?.close());

  beforeEach(async () => {
    small = await startSmallTracker();
    for (const port of [1, 2, 3]) await small.announce(LARGE, { port, id: '-TR4060-' });
    await small.announce(SMALL, { port: 4, isSeeder: true });
    await tab.resize(1_280, 900);
    await tab.open(`${small.url}/`);
    await expect.poll(() => tab.text('#live'), WAIT).toBe('live');
  });

  afterEach(async () => {
    const complaints = tab.complaints.splice(0);
    await tab.open('about:blank');
    await small.close();
    expect(complaints).toEqual([]);
  });

  test('shows what the tracker knows, and goes on with it', async () => {
    await expect.poll(() => tab.text('#peers'), WAIT).toBe('4');
    expect(await tab.text('#swarms')).toBe('2');
    await expect.poll(() => tab.text('#seeders'), WAIT).toBe('1 seeder');
    expect(await tab.text('#leechers')).toBe('3 leechers');
    await expect
      .poll(() => tab.text('#torrents tbody'), WAIT)
      .toMatch(new RegExp(`^${LARGE}[^]*${SMALL}`));
    expect(await tab.text('#clients')).toMatch(/^Transmission\s+4\.0\.6\s+75\.0%\s+Shoal/);
    expect(await tab.text('#requests')).toMatch(/HTTP\s+Announces\s+4/);
    await small.announce(SMALL, { port: 5 });
    await expect.poll(() => tab.text('#peers'), WAIT).toBe('5');
    await expect.poll(() => tab.text('#peak'), WAIT).not.toBe('peak 0 a second');
  });

  test('finds a torrent by what is typed, by a magnet and by the address', async () => {
    await tab.evaluate(`document.getElementById('query').focus()`);
    await tab.type(`magnet:?xt=urn:btih:${LARGE.toUpperCase()}`);
    await expect.poll(() => tab.text('#found'), WAIT).toMatch(/Leechers\s+3/);
    expect(await tab.text('#found-hash')).toBe(LARGE);
    await tab.press('Escape');
    expect(await tab.text('#found')).toBe('');
    await expect.poll(() => tab.text('#torrents'), WAIT).toContain(SMALL);
    await tab.evaluate(`document.querySelector('a[href="#${SMALL}"]').click()`);
    await expect.poll(() => tab.text('#found'), WAIT).toMatch(/Seeders\s+1/);
    await tab.press('Escape');
    await tab.type(LARGE.replaceAll('1', '2'));
    await expect.poll(() => tab.text('#found'), WAIT).toContain('No peer of this torrent');
  });

  test('shows each process where there are several', async () => {
    expect(await tab.text('#processes')).toBe('');
    const workers = {
      loads: () => new Map([[1, { cpuS: 1, memoryLength: 64 * 1_024 * 1_024, loopDelayS: 0.04 }]]),
      answeringCount: () => 2,
      restartCount: () => 0,
    };
    const here = { host: '127.0.0.1', port: 0, clock: systemClock, log: silentLog };
    const admin = await AdminServer.listen({ ...here, tracker: { ...small.tracker, workers } });
    await tab.open(`http://${formatPeerAddress(admin.address)}/`);
    await expect
      .poll(() => tab.text('#processes'), WAIT)
      .toMatch(/First\s+[\d.]+%\s+[\d.]+ MiB\s+[\d.]+ [µm]?s\s+Worker 1\s+0\.0%\s+64 MiB\s+40 ms/);
    await tab.open('about:blank');
    await admin.close();
  });

  test('takes markup for text', async () => {
    await tab.evaluate(`document.getElementById('query').focus()`);
    await tab.type('<img src=x onerror="document.title=\'gone\'"> and more than forty letters');
    await expect.poll(() => tab.text('#hint'), WAIT).toContain('40 hex digits');
    expect(await tab.evaluate('document.title')).toBe('Shoal tracker');
  });

  test('fits on a phone', async () => {
    await tab.resize(360, 740);
    for (const scheme of ['light', 'dark'] as const) {
      await tab.setColors(scheme);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const color = await tab.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(color).toBe(scheme === 'light' ? 'rgb(243, 246, 245)' : 'rgb(13, 20, 22)');
    }
    expect(
      await tab.evaluate(`[...document.querySelectorAll('main .panel')].filter((panel) =>
        panel.getBoundingClientRect().right > innerWidth).length`),
    ).toBe(0);
  });

  test('runs no script but its own', async () => {
    await tab.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "gone"';
      document.head.append(script);
      document.body.setAttribute('style', 'display: none');
    }`);
    expect(await tab.evaluate('document.title')).toBe('Shoal tracker');
    expect(await tab.evaluate('getComputedStyle(document.body).display')).toBe('block');
    const complaints = tab.complaints.splice(0);
    expect(complaints).toHaveLength(2);
    for (const complaint of complaints) expect(complaint).toContain('Content Security Policy');
  });

  test('says so when the tracker is gone', async () => {
    await small.admin.close();
    await expect.poll(() => tab.text('#live'), WAIT).toBe('connecting again');
    expect(await tab.evaluate(`document.getElementById('main').className`)).toBe('waiting');
    tab.complaints.splice(0);
  });
});
