/** Counts, shares of a whole, ratios. */
import { NOTHING } from './bytes.ts';

/** `part / whole` as 0..1; nothing of nothing is all of it. */
export function fraction(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 1;
}

/** `62.4%`, at most 5 columns. Rounds down: 100% means all of it. */
export function formatPercent(share: number): string {
  if (share >= 1) return '100%';
  return `${(Math.floor(Math.max(0, share) * 1000) / 10).toFixed(1)}%`;
}

/** Uploaded / downloaded: `0.12`, `12.3`, `123`, `∞` when nothing was downloaded; at most 4 columns. */
export function formatRatio(ratio: number): string {
  if (Number.isNaN(ratio)) return NOTHING;
  if (ratio >= 10_000) return '∞';
  return ratio < 10 ? ratio.toFixed(2) : ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0);
}

/** `12,345` */
export function formatCount(count: number): string {
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 peer`, `12 peers` */
export function formatNoun(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}
