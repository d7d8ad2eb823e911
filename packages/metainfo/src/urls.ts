/** The URLs of trackers and web seeds: which of them we take. */
import { MAX_URL_LENGTH, MAX_URLS } from './limits.ts';

const TRACKER_PROTOCOLS = new Set(['http:', 'https:', 'udp:', 'ws:', 'wss:']);
const WEB_SEED_PROTOCOLS = new Set(['http:', 'https:']);

/** BEP 12 tiers without what is no tracker URL, without repeats and empty tiers. */
export function trackerTiers(tiers: readonly (readonly string[])[]): string[][] {
  const seen = new Set<string>();
  return tiers
    .map((tier) => takeUrls(tier, TRACKER_PROTOCOLS, seen))
    .filter((tier) => tier.length > 0);
}

/** BEP 19 URLs without what is no HTTP URL and without repeats; spaces are escaped. */
export function webSeedUrls(urls: readonly string[]): string[] {
  const escaped = urls.map((url) => url.trim().replaceAll(' ', '%20'));
  return takeUrls(escaped, WEB_SEED_PROTOCOLS, new Set());
}

function takeUrls(
  urls: readonly string[],
  protocols: ReadonlySet<string>,
  seen: Set<string>,
): string[] {
  const taken: string[] = [];
  for (const text of urls) {
    const url = text.trim();
    if (seen.size >= MAX_URLS) break;
    if (seen.has(url) || !isUrl(url, protocols)) continue;
    seen.add(url);
    taken.push(url);
  }
  return taken;
}

/** A UDP tracker has no port of its own, so it must say one. */
function isUrl(text: string, protocols: ReadonlySet<string>): boolean {
  if (text.length > MAX_URL_LENGTH || !/^\w+:\/\/[^\s\0-\x1f\x7f]+$/.test(text)) return false;
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || !protocols.has(url.protocol)) return false;
  return url.protocol !== 'udp:' || url.port !== '';
}
