/** Rate limits as the limits prompt shows and reads them: `5M 512K`, or down alone; `-` is no limit. */
import { parseRateLimit } from '@shoal/cli';
import type { Limits } from '@shoal/engine';
import { isBareRate } from '../../bare-rate.ts';
import { formatShortLimit } from '../format/bytes.ts';

/** The text that `readLimits` reads back; empty when nothing is limited. */
export function showLimits({ downBytesPerS, upBytesPerS }: Limits): string {
  if (downBytesPerS === undefined && upBytesPerS === undefined) return '';
  return `${formatShortLimit(downBytesPerS)} ${formatShortLimit(upBytesPerS)}`;
}

/** @returns the limits, or one sentence about what is wrong with the text */
export function readLimits(text: string): Limits | string {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 2) return 'Write two rates, down and up, such as 5M 512K; - is no limit.';
  const bare = words.find(isBareRate);
  if (bare !== undefined) {
    const number = Number.parseFloat(bare);
    return `${bare} has no unit: write ${number}K or ${number}M, such as 5M 512K.`;
  }
  try {
    const [downBytesPerS, upBytesPerS] = words.map(readLimit);
    return { downBytesPerS, upBytesPerS };
  } catch {
    return `${text.trim()} is no rate: write one or two such as 5M 512K, or - for no limit.`;
  }
}

function readLimit(word: string): number | undefined {
  const bytesPerS = /^[-–]$/.test(word) ? 0 : parseRateLimit(word);
  return bytesPerS === 0 ? undefined : bytesPerS;
}
