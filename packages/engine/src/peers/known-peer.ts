/** One address in the pool, and how it compares with others. */
import { type PeerAddress, scopeOf } from '@shoal/units';
import type { PeerSource } from '../state/snapshot.ts';

/**
 * Why an address is not dialled by itself: its peer is connected at another one (`elsewhere`), or
 * neither side had anything left for the other (`set-aside`).
 */
type Hold = 'elsewhere' | 'set-aside';

export interface KnownPeer {
  readonly address: PeerAddress;
  /** The most trusted one that named it. */
  readonly source: PeerSource;
  readonly isSeeder: boolean;
  /** Named by the user: never dropped, dialled again and again. */
  readonly isKept: boolean;
  readonly status: 'idle' | 'dialling' | 'connected';
  /** Dials and short connections that failed since the last long connection. */
  readonly failureCount: number;
  readonly hold: Hold | undefined;
  /** Not to be dialled before, nor while there is a `hold`. */
  readonly readyAtMs: number;
  /** When it was dialled last. */
  readonly dialledAtMs: number | undefined;
  /** When it was connected last, whoever dialled. */
  readonly connectedAtMs: number | undefined;
  /** Its place among equals, lowest first: by chance, or by BEP 40 once our own address is known. */
  readonly lot: number;
}

/** Sources from the most to the least trusted: the least gives way when the pool is full. */
const TRUST: Record<PeerSource, number> = {
  manual: 0,
  lsd: 1,
  incoming: 2,
  tracker: 3,
  resume: 4,
  dht: 5,
  pex: 6,
};

export function isMoreTrusted(a: PeerSource, b: PeerSource): boolean {
  return TRUST[a] < TRUST[b];
}

/** Whether `a` is to be shed before `b`: failed ones, then the less trusted, then the stalest. */
export function isWorse(a: KnownPeer, b: KnownPeer): boolean {
  if (a.failureCount > 0 !== b.failureCount > 0) return a.failureCount > 0;
  if (a.source !== b.source) return isMoreTrusted(b.source, a.source);
  return (a.dialledAtMs ?? 0) < (b.dialledAtMs ?? 0);
}

/** No port 0, no unspecified, broadcast or multicast address, none of an IPv6 link without its zone. */
export function isDiallable({ host, port, family }: PeerAddress): boolean {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return false;
  const scope = scopeOf(host);
  return scope !== 'none' && (scope !== 'link' || family === 4 || host.includes('%'));
}
