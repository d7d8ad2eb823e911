/** What answers over HTTP have in common: a bencoded dict, or a failure. BEP 3, BEP 31. */
import { BencodeError, DictReader, decode, encode } from '@shoal/bencode';
import { cleanText } from './clean-text.ts';
import { TrackerError } from './tracker-error.ts';

const SECONDS_A_MINUTE = 60;
/**
 * Values and keys of one answer: ten thousand peers in the long form. Each may take a hundred times
 * its two bytes once it is built.
 */
const MAX_ANSWER_ITEMS = 50_000;
/** Tab, line feed, carriage return, space. */
const WHITE_SPACE: readonly number[] = [0x09, 0x0a, 0x0d, 0x20];
const ANSWER_OPTIONS = { allowUnsortedKeys: true, maxItems: MAX_ANSWER_ITEMS };

/**
 * Writes a refusal. BEP 31.
 * @param retryInS - when to ask again, in whole minutes on the wire; Infinity for never
 */
export function encodeFailure(reason: string, retryInS?: number): Uint8Array {
  const minutes =
    retryInS === undefined || retryInS === Number.POSITIVE_INFINITY
      ? undefined
      : Math.ceil(retryInS / SECONDS_A_MINUTE);
  const retryIn = retryInS === Number.POSITIVE_INFINITY ? 'never' : minutes?.toString();
  return encode({ 'failure reason': reason, 'retry in': retryIn });
}

/**
 * Decodes the dict and hands it to `read`. White space behind it is passed over: scripts end in a line
 * end.
 * @throws TrackerError `bad-response` for what is no bencode or has members of the wrong type
 */
export function readAnswer<Answer>(bytes: Uint8Array, read: (dict: DictReader) => Answer): Answer {
  try {
    return read(DictReader.of(decode(withoutEnd(bytes), ANSWER_OPTIONS)));
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    throw new TrackerError('bad-response', 'the answer is not what a tracker says', {
      cause: error,
    });
  }
}

/** @throws TrackerError `failure` when the dict says so */
export function refuseFailure(dict: DictReader): void {
  const reason = dict.optionalText('failure reason');
  if (reason === undefined) return;
  const retryInS = readRetryIn(dict);
  throw new TrackerError(
    'failure',
    cleanText(reason) || 'the tracker refuses',
    retryInS === undefined ? {} : { retryInS },
  );
}

/** A record of one member, or of none for undefined: optional members are absent, not undefined. */
export function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

/** What bencode ends in is never white space. */
function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && WHITE_SPACE.includes(bytes[end - 1]!)) end--;
  return bytes.subarray(0, end);
}

/** Whole minutes as text or as an integer, or `never`. BEP 31. */
function readRetryIn(dict: DictReader): number | undefined {
  const value = dict.value('retry in');
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  if (text === 'never') return Number.POSITIVE_INFINITY;
  if (typeof text !== 'string' && typeof text !== 'number') return undefined;
  if (!/^0*[1-9]\d{0,8}$/.test(`${text}`)) return undefined;
  return Number(text) * SECONDS_A_MINUTE;
}
