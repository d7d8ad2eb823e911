/** The two 20-byte names of BitTorrent: the infohash of a torrent and the id of a peer. */

declare const infoHashBrand: unique symbol;
declare const peerIdBrand: unique symbol;

/** SHA-1 of the raw info dict, 20 bytes. Hex is only for people and for map keys. BEP 3. */
export type InfoHash = Uint8Array & { readonly [infoHashBrand]: true };

/** The 20 bytes by which a client names itself to trackers and peers. BEP 3, BEP 20. */
export type PeerId = Uint8Array & { readonly [peerIdBrand]: true };

/** The gate for infohashes from outside: the same bytes, or undefined unless there are 20. */
export function toInfoHash(bytes: Uint8Array): InfoHash | undefined {
  return bytes.length === 20 ? (bytes as InfoHash) : undefined;
}

/** The gate for peer ids from outside: the same bytes, or undefined unless there are 20. */
export function toPeerId(bytes: Uint8Array): PeerId | undefined {
  return bytes.length === 20 ? (bytes as PeerId) : undefined;
}

/** Reads 40 hex digits of either case; undefined for anything else. */
export function hexToInfoHash(hex: string): InfoHash | undefined {
  if (!/^[0-9a-fA-F]{40}$/.test(hex)) return undefined;
  return toInfoHash(new Uint8Array(Buffer.from(hex, 'hex')));
}

/** Lower-case hex of an infohash, a peer id or another hash: for people and as a map key. */
export function idToHex(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
}

/** Whether two byte strings are equal. Not constant in time: never for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
