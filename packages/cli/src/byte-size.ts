/** Sizes and rates as people write and read them. K, M, G and T are powers of 1024. */
import { InvalidArgumentError } from 'commander';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const SIZE = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i;

/**
 * Reads `262144`, `256K`, `1.5M`, `2GiB`.
 * @returns whole bytes
 * @throws InvalidArgumentError for anything else
 */
export function parseByteSize(text: string): number {
  const match = SIZE.exec(text.trim());
  if (match === null) throw new InvalidArgumentError('Write a size such as 262144, 256K or 1.5M.');
  const power = match[2] === '' ? 0 : 'KMGT'.indexOf(match[2]!.toUpperCase()) + 1;
  const bytes = Math.round(Number(match[1]) * 1024 ** power);
  if (!Number.isSafeInteger(bytes)) throw new InvalidArgumentError('That is too large.');
  return bytes;
}

/** Reads the size of something that cannot be empty. @throws InvalidArgumentError for 0 too */
export function parseLength(text: string): number {
  const length = parseByteSize(text);
  if (length === 0) throw new InvalidArgumentError('Write a size from 1 byte up, such as 256K.');
  return length;
}

/**
 * Reads a rate limit: a size a second, with or without `/s`; `0` and `none` are no limit.
 * @returns bytes a second, 0 for no limit
 * @throws InvalidArgumentError for anything else
 */
export function parseRateLimit(text: string): number {
  return text === 'none' ? 0 : parseByteSize(text.replace(/\/s$/, ''));
}

/** `0 B`, `1023 B`, `1.5 KiB`, `64.0 MiB`: three figures or a little more. */
export function formatByteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return `${Math.round(value)} B`;
  return `${value.toFixed(value < 100 ? 1 : 0)} ${UNITS[unit]}`;
}

/** `1.5 MiB/s`. */
export function formatRate(bytesPerS: number): string {
  return `${formatByteSize(bytesPerS)}/s`;
}
