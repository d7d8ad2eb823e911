/**
 * Peers as a list of dicts in bencode, BEP 3: for clients that take no compact ones. Written by hand:
 * 200 peers by the encoder of objects take over a millisecond, in which nobody else is answered. Pure.
 */
import { PEER_ID_LENGTH, PEER_LENGTH_V4, PEER_LENGTH_V6 } from '../../protocol/udp-layout.ts';
import { MAX_IP_TEXT_LENGTH, writeDecimal, writeIp } from '../write-ip.ts';

const [IP, PEER_ID, PORT, DICT_END] = ['d2:ip', '7:peer id20:', '4:porti', 'ee'].map((text) =>
  Buffer.from(text, 'latin1'),
) as [Buffer, Buffer, Buffer, Buffer];
const COLON = 0x3a;
/** Of `39:` in front of an address, and of the digits of a port. */
const MAX_PREFIX_LENGTH = 3;
const MAX_PORT_LENGTH = 5;

/** Bytes that one peer takes, at most. */
export const MAX_LISTED_PEER_LENGTH =
  IP.length +
  (MAX_PREFIX_LENGTH + MAX_IP_TEXT_LENGTH) +
  (PEER_ID.length + PEER_ID_LENGTH) +
  (PORT.length + MAX_PORT_LENGTH) +
  DICT_END.length;

/**
 * Writes the dicts of peers of one family, without the `l` and the `e` around them.
 * @param peers - compact
 * @param peerIds - 20 bytes a peer, in their order; one of zeros is left out, undefined for none
 * @returns where they end
 */
export function writePeerDicts(
  out: Uint8Array,
  at: number,
  peers: Uint8Array,
  family: 4 | 6,
  peerIds: Uint8Array | undefined,
): number {
  const length = family === 4 ? PEER_LENGTH_V4 : PEER_LENGTH_V6;
  let end = at;
  let idAt = 0;
  for (let from = 0; from < peers.length; from += length, idAt += PEER_ID_LENGTH) {
    end = writeText(out, end, IP);
    end = writeAddress(out, end, peers, from, family);
    if (peerIds !== undefined && isKnown(peerIds, idAt)) {
      end = writeText(out, end, PEER_ID);
      for (let byte = 0; byte < PEER_ID_LENGTH; byte++) out[end++] = peerIds[idAt + byte]!;
    }
    end = writeText(out, end, PORT);
    const portAt = from + length - 2;
    end = writeDecimal(out, end, (peers[portAt]! << 8) | peers[portAt + 1]!);
    end = writeText(out, end, DICT_END);
  }
  return end;
}

/** Its length comes first, in one digit or two: the text is written behind the place for two. */
function writeAddress(
  out: Uint8Array,
  at: number,
  peers: Uint8Array,
  from: number,
  family: 4 | 6,
): number {
  const textAt = at + MAX_PREFIX_LENGTH;
  const textEnd = writeIp(out, textAt, peers, from, family);
  const prefixEnd = writeDecimal(out, at, textEnd - textAt);
  out[prefixEnd] = COLON;
  if (prefixEnd + 1 === textAt) return textEnd;
  out.copyWithin(prefixEnd + 1, textAt, textEnd);
  return textEnd - 1;
}

/** In a loop: a call of `set` costs more than so few bytes. */
function writeText(out: Uint8Array, at: number, text: Uint8Array): number {
  for (let byte = 0; byte < text.length; byte++) out[at + byte] = text[byte]!;
  return at + text.length;
}

function isKnown(peerIds: Uint8Array, at: number): boolean {
  for (let byte = at; byte < at + PEER_ID_LENGTH; byte++) if (peerIds[byte] !== 0) return true;
  return false;
}
