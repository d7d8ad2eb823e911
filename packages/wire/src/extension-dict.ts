/** The bencoded dicts of extension messages. BEP 10. */
import { BencodeError, DictReader, decodePrefix } from '@shoal/bencode';
import { WireError } from './wire-error.ts';

/** No extension message has more depth or values; old clients do not sort their keys. */
const OPTIONS = { allowUnsortedKeys: true, maxDepth: 8, maxItems: 4096 };

/**
 * Reads the dict with which a payload begins.
 * @param name - of the extension, for errors
 * @returns a reader on it and how many bytes it takes
 * @throws WireError `bad-extended`
 */
export function readDictPrefix(
  payload: Uint8Array,
  name: string,
): { dict: DictReader; length: number } {
  return asWireError(name, () => {
    const { value, length } = decodePrefix(payload, OPTIONS);
    return { dict: DictReader.of(value, name), length };
  });
}

/** Reads a payload that is one dict and nothing more. @throws WireError `bad-extended` */
export function readDict(payload: Uint8Array, name: string): DictReader {
  const { dict, length } = readDictPrefix(payload, name);
  if (length === payload.length) return dict;
  const got = payload.length - length;
  throw new WireError('bad-extended', `${name}: ${got} bytes behind the dict, limit 0`, {
    got,
    limit: 0,
  });
}

/** Runs a read; what is wrong with its bytes is the peer's fault. @throws WireError `bad-extended` */
export function asWireError<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof BencodeError)) throw cause;
    throw new WireError('bad-extended', `${name}: ${cause.message}`, { cause });
  }
}
