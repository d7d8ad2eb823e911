/** The message of ut_pex, by which peers tell each other of peers. BEP 11. */
import { type DictReader, encode } from '@shoal/bencode';
import { encodeCompactPeer, type PeerAddress, peerAddressFromBytes } from '@shoal/units';
import { asWireError, readDict } from './extension-dict.ts';
import { WireError } from './wire-error.ts';

/** Bits of `PexPeer.flags`. BEP 11. */
export const PEX_FLAG = {
  prefersEncryption: 0x01,
  seeder: 0x02,
  supportsUtp: 0x04,
  supportsHolepunch: 0x08,
  reachable: 0x10,
} as const;

/** A message names at most so many peers in each of its two lists. BEP 11. */
export const MAX_PEX_PEERS = 50;

export interface PexPeer {
  readonly address: PeerAddress;
  /** A sum of PEX_FLAG; 0 when the sender gave none. */
  readonly flags: number;
}

export interface PexMessage {
  readonly added: readonly PexPeer[];
  readonly dropped: readonly PeerAddress[];
}

/** The lists of one address family in the dict, and the bytes of one peer in them. */
const FAMILIES = [
  { family: 4, added: 'added', flags: 'added.f', dropped: 'dropped', width: 6 },
  { family: 6, added: 'added6', flags: 'added6.f', dropped: 'dropped6', width: 18 },
] as const;

/** Writes the payload. All six lists are there, empty ones too, as other clients expect them. */
export function encodePexMessage(message: PexMessage): Uint8Array {
  const lists = new Map<string, Uint8Array>();
  for (const names of FAMILIES) {
    const added = message.added.filter((peer) => peer.address.family === names.family);
    const dropped = message.dropped.filter((address) => address.family === names.family);
    lists.set(
      names.added,
      compact(
        added.map((peer) => peer.address),
        names.width,
      ),
    );
    lists.set(
      names.flags,
      Uint8Array.from(added, (peer) => peer.flags),
    );
    lists.set(names.dropped, compact(dropped, names.width));
  }
  return encode(lists);
}

/**
 * Reads the payload. Peers with port 0 are left out, and so is what exceeds MAX_PEX_PEERS in a
 * list, also in a first message, where BEP 11 allows more. Addresses are as untrusted as they came.
 * @throws WireError `bad-extended` for a broken dict or a list that is cut inside an address
 */
export function decodePexMessage(payload: Uint8Array): PexMessage {
  const dict = readDict(payload, 'ut_pex');
  const added: PexPeer[] = [];
  const dropped: PeerAddress[] = [];
  for (const names of FAMILIES) {
    const flags = listOf(dict, names.flags);
    for (const { address, at } of addressesIn(dict, names.added, names.width))
      added.push({ address, flags: flags[at] ?? 0 });
    for (const { address } of addressesIn(dict, names.dropped, names.width)) dropped.push(address);
  }
  return { added: added.slice(0, MAX_PEX_PEERS), dropped: dropped.slice(0, MAX_PEX_PEERS) };
}

function compact(addresses: readonly PeerAddress[], width: number): Uint8Array {
  const bytes = new Uint8Array(addresses.length * width);
  for (const [at, address] of addresses.entries())
    bytes.set(encodeCompactPeer(address), at * width);
  return bytes;
}

function listOf(dict: DictReader, key: string): Uint8Array {
  return asWireError('ut_pex', () => dict.optionalBytes(key)) ?? new Uint8Array(0);
}

/** The addresses of one list with their place in it; at most MAX_PEX_PEERS are looked at. */
function addressesIn(
  dict: DictReader,
  key: string,
  width: number,
): { address: PeerAddress; at: number }[] {
  const bytes = listOf(dict, key);
  if (bytes.length % width !== 0) {
    const message = `ut_pex: ${key} of ${bytes.length} bytes, must be a multiple of ${width}`;
    throw new WireError('bad-extended', message, { got: bytes.length });
  }
  const addresses = [];
  const count = Math.min(bytes.length / width, MAX_PEX_PEERS);
  for (let at = 0; at < count; at++) {
    const ip = bytes.subarray(at * width, (at + 1) * width - 2);
    const port = (bytes[(at + 1) * width - 2]! << 8) | bytes[(at + 1) * width - 1]!;
    if (port !== 0) addresses.push({ address: peerAddressFromBytes(ip, port), at });
  }
  return addresses;
}
