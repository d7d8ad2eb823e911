/** Lengths and rates in powers of 1024, with three digits that count. */
import type { Limits } from '@shoal/engine';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** What stands where there is nothing to say. */
export const NOTHING = '–';

/** `0 B`, `9.77 KiB`, `412 MiB`: at most 8 columns. */
export function formatBytes(length: number): string {
  let value = Math.max(0, length);
  let unit = 0;
  while (unit < UNITS.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${UNITS[unit]}`;
}

/** `8.12 MiB/s`: at most 10 columns; a rate under one byte a second is nothing. */
export function formatRate(bytesPerS: number): string {
  return bytesPerS < 1 ? NOTHING : `${formatBytes(bytesPerS)}/s`;
}

/** A limit: `5.00 MiB/s` or `no limit`. */
export function formatLimit(bytesPerS: number | undefined): string {
  return bytesPerS === undefined ? 'no limit' : `${formatBytes(bytesPerS)}/s`;
}

const SHORT_UNITS = ['B', 'K', 'M', 'G'] as const;

/** A limit as it is typed: `5M`, in the largest unit that gives a whole number; `-` is none. */
export function formatShortLimit(bytesPerS: number | undefined): string {
  if (bytesPerS === undefined) return '-';
  let value = bytesPerS;
  let unit = 0;
  while (value > 0 && value % 1024 === 0 && unit < SHORT_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value}${SHORT_UNITS[unit]}`;
}

/** `↓ 500 KiB/s, ↑ no limit` */
export function describeLimits({ downBytesPerS, upBytesPerS }: Limits): string {
  return `↓ ${formatLimit(downBytesPerS)}, ↑ ${formatLimit(upBytesPerS)}`;
}

/** `1.23`, `12.3`, `123`: never rounds up to a fourth digit. */
function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return value.toFixed(0);
}
