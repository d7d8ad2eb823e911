/** The handshake of the extension protocol: payload of extended id 0. BEP 10, BEP 9, 11 and 21. */
import { type BencodeValue, type DictReader, encode } from '@shoal/bencode';
import { readDict } from './extension-dict.ts';

/** Names of the extensions that this package has codecs for. BEP 9, BEP 11, BEP 54. */
export const EXTENSION_NAME = {
  metadata: 'ut_metadata',
  peerExchange: 'ut_pex',
  dontHave: 'lt_donthave',
} as const;

/** What a peer says of itself. Everything may be missing. */
export interface ExtendedHandshake {
  /**
   * `m`: for each extension the id, 1..255, by which the sender of this handshake wants to be sent
   * its messages; 0 switches it off. A later handshake holds only changes.
   */
  readonly extensions: ReadonlyMap<string, number>;
  /** `v`: client name and version, at most 128 characters; not safe to print. */
  readonly client?: string;
  /** `p`: the TCP port on which the sender listens. */
  readonly port?: number;
  /** `reqq`: how many requests the sender keeps. */
  readonly requestQueueLength?: number;
  /** `yourip`: the address under which the sender sees the receiver, 4 or 16 bytes. */
  readonly yourIp?: Uint8Array;
  /** `ipv4`: 4 bytes. */
  readonly ipv4?: Uint8Array;
  /** `ipv6`: 16 bytes. */
  readonly ipv6?: Uint8Array;
  /** `metadata_size`: bytes of the info dict. BEP 9. */
  readonly metadataLength?: number;
  /** `upload_only`: the sender wants nothing. BEP 21. */
  readonly uploadOnly?: boolean;
  /** `e`: the sender prefers encryption. BEP 11. */
  readonly prefersEncryption?: boolean;
}

/** Longer client names are cut. */
const MAX_CLIENT_LENGTH = 128;

/** Writes the payload of extended id 0; members that are undefined are left out. */
export function encodeExtendedHandshake(handshake: ExtendedHandshake): Uint8Array {
  return encode({
    m: handshake.extensions,
    v: handshake.client,
    p: handshake.port,
    reqq: handshake.requestQueueLength,
    yourip: handshake.yourIp,
    ipv4: handshake.ipv4,
    ipv6: handshake.ipv6,
    metadata_size: handshake.metadataLength,
    upload_only: flag(handshake.uploadOnly),
    e: flag(handshake.prefersEncryption),
  });
}

/**
 * Reads the payload of extended id 0. Unknown members are ignored, and so are known ones of the
 * wrong type or out of range: each is a hint that the session can do without. All is copied.
 * @throws WireError `bad-extended` unless the payload is one bencoded dict
 */
export function decodeExtendedHandshake(payload: Uint8Array): ExtendedHandshake {
  const dict = readDict(payload, 'extended handshake');
  const members = {
    client: text(dict.value('v')),
    port: integer(dict.value('p'), 1, 65_535),
    requestQueueLength: integer(dict.value('reqq'), 1),
    yourIp: bytes(dict.value('yourip'), 4, 16),
    ipv4: bytes(dict.value('ipv4'), 4),
    ipv6: bytes(dict.value('ipv6'), 16),
    metadataLength: integer(dict.value('metadata_size'), 1),
    uploadOnly: boolean(dict.value('upload_only')),
    prefersEncryption: boolean(dict.value('e')),
  };
  return { extensions: extensionIds(dict), ...withoutUndefined(members) };
}

function extensionIds(dict: DictReader): Map<string, number> {
  const ids = new Map<string, number>();
  const m = dict.value('m');
  if (!(m instanceof Map)) return ids;
  for (const [name, value] of m) {
    const id = integer(value, 0, 255);
    if (id !== undefined) ids.set(name, id);
  }
  return ids;
}

function flag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function boolean(value: BencodeValue | undefined): boolean | undefined {
  const number = integer(value, 0);
  return number === undefined ? undefined : number !== 0;
}

function integer(
  value: BencodeValue | undefined,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

function bytes(value: BencodeValue | undefined, ...lengths: number[]): Uint8Array | undefined {
  return value instanceof Uint8Array && lengths.includes(value.length) ? value.slice() : undefined;
}

function text(value: BencodeValue | undefined): string | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  // No character takes more than four bytes of UTF-8.
  return new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(value.subarray(0, 4 * MAX_CLIENT_LENGTH))
    .slice(0, MAX_CLIENT_LENGTH);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(members: T): Defined<T> {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Defined<T>;
}
