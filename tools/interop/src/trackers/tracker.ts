/** What a tracker program must be able to do, and how its counts are read. */
import type { Arena } from '../arena.ts';
import type { Host } from '../hosts.ts';
import { until } from '../until.ts';

export const TRACKER_PORT = 6969;
export type TrackerTransport = 'http' | 'udp';

export interface Tracker {
  readonly name: string;
  /** What must be on the path. */
  readonly programs: readonly string[];
  /** Starts it on `host` for these torrents (hex) and waits until it answers over HTTP. */
  start(arena: Arena, host: Host, infoHashes: readonly string[]): Promise<void>;
}

/** @param address - as it stands in a URL: v6 in brackets */
export function announceUrl(transport: TrackerTransport, address: string): string {
  return `${transport}://${address}:${TRACKER_PORT}/announce`;
}

/** Waits until the tracker counts at least `seederCount` seeders of the torrent. */
export async function untilSeeders(
  arena: Arena,
  host: Host,
  infoHash: string,
  seederCount: number,
): Promise<void> {
  await until(`the tracker to know ${seederCount} seeders`, arena.signal, async () => {
    const found = (await scrape(arena, host, infoHash)).match(/8:completei(\d+)e/);
    return Number(found?.[1] ?? 0) >= seederCount ? true : undefined;
  });
}

/** The bencoded answer to an HTTP scrape, asked on the tracker's own host; '' while it is silent. */
export async function scrape(arena: Arena, host: Host, infoHash: string): Promise<string> {
  const query = infoHash.replaceAll(/../g, '%$&');
  const url = `http://${host.v4}:${TRACKER_PORT}/scrape?info_hash=${query}`;
  const script = `fetch(${JSON.stringify(url)}).then((a) => a.text()).then(console.log, () => {})`;
  return arena.ask(host, [process.execPath, '--eval', script]);
}
