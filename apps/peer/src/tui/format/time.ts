/** Durations and points in time. */
import { NOTHING } from './bytes.ts';

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** `31s`, `3m20s`, `2h05m`, `4d03h`: at most 6 columns; unknown or beyond 99 days is `–`. */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined || !(seconds >= 0) || seconds >= 100 * DAY_S) return NOTHING;
  const s = Math.round(seconds);
  if (s < MINUTE_S) return `${s}s`;
  if (s < HOUR_S) return pair(s, MINUTE_S, 'm', 1, 's');
  if (s < DAY_S) return pair(s, HOUR_S, 'h', MINUTE_S, 'm');
  return pair(s, DAY_S, 'd', HOUR_S, 'h');
}

/** `3m20s left`, or nothing when that cannot be told. */
export function formatLeft(seconds: number | undefined): string {
  const duration = formatDuration(seconds);
  return duration === NOTHING ? '' : `${duration} left`;
}

/** How long ago in one unit: `just now`, `5m ago`, `3h ago`, `2d ago`. */
export function formatAgo(fromMs: number, nowMs: number): string {
  const s = Math.floor((nowMs - fromMs) / 1000);
  if (s < 5) return 'just now';
  if (s < MINUTE_S) return `${s}s ago`;
  if (s < HOUR_S) return `${Math.floor(s / MINUTE_S)}m ago`;
  if (s < DAY_S) return `${Math.floor(s / HOUR_S)}h ago`;
  return `${Math.floor(s / DAY_S)}d ago`;
}

/** Time of day on this machine: `14:03:59`. */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

function pair(s: number, large: number, largeUnit: string, small: number, unit: string): string {
  return `${Math.floor(s / large)}${largeUnit}${twoDigits(Math.floor((s % large) / small))}${unit}`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
