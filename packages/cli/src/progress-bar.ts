/** A bar of text. */
import { isUtf8Locale } from './locale.ts';

/** The two characters of a bar. */
export interface BarStyle {
  readonly full: string;
  readonly empty: string;
}

/** Blocks where the locale says UTF-8, `#` and `-` elsewhere. */
export function barStyle(env: NodeJS.ProcessEnv = process.env): BarStyle {
  return isUtf8Locale(env) ? { full: '█', empty: '░' } : { full: '#', empty: '-' };
}

/** `width` characters, of which `fraction` (0..1) are full; full only at 1. */
export function formatBar(fraction: number, width: number, style: BarStyle): string {
  const inside = Math.min(1, Math.max(0, Number.isFinite(fraction) ? fraction : 0));
  const full = Math.floor(inside * width);
  return style.full.repeat(full) + style.empty.repeat(width - full);
}

/** `0.0 %` to `100.0 %`, 100 only when it is all. */
export function formatPercent(fraction: number): string {
  return `${(Math.floor(fraction * 1000) / 10).toFixed(1)} %`;
}
