/** Numbers and names for people. Pure. */

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param {number} count */
export function formatCount(count) {
  return WHOLE.format(count);
}

/** @param {number} count @param {string} noun */
export function formatNoun(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Small rates with a tenth, as 0.2 a second is not none. @param {number} rate */
export function formatRate(rate) {
  return rate > 0 && rate < 10 ? TENTHS.format(rate) : WHOLE.format(rate);
}

/** @param {number} share 0 to 1 */
export function formatShare(share) {
  return share > 0 && share < 0.001 ? '<0.1%' : PERCENT.format(share);
}

/** @param {number} length in bytes */
export function formatLength(length) {
  const power = length < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(length) / 10));
  const value = length / 1024 ** power;
  return `${value < 10 && power > 0 ? TENTHS.format(value) : WHOLE.format(value)} ${UNITS[power]}`;
}

/** As microseconds, milliseconds or seconds. @param {number} seconds */
export function formatShortTime(seconds) {
  const [value, unit] =
    seconds < 0.001 ? [1e6 * seconds, 'µs'] : seconds < 1 ? [1e3 * seconds, 'ms'] : [seconds, 's'];
  return `${value < 10 ? TENTHS.format(value) : WHOLE.format(value)} ${unit}`;
}

/** The two largest units. @param {number} seconds */
export function formatDuration(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds)} s`;
}

/**
 * The infohash in what somebody typed: 40 hex digits, or a magnet (hex or base 32).
 * @param {string} text
 * @returns {string | undefined} lower-case hex
 */
export function readInfoHash(text) {
  const [, topic] = /^\s*magnet:\?.*\bxt=urn:btih:([0-9a-z]+)/i.exec(text) ?? [];
  const name = (topic ?? text).trim();
  if (/^[0-9a-f]{40}$/i.test(name)) return name.toLowerCase();
  return topic !== undefined && /^[a-z2-7]{32}$/i.test(topic) ? base32ToHex(topic) : undefined;
}

/** @param {string} text 32 characters */
function base32ToHex(text) {
  let bits = 0n;
  for (const character of text.toUpperCase())
    bits = (bits << 5n) | BigInt(BASE32.indexOf(character));
  return bits.toString(16).padStart(40, '0');
}
