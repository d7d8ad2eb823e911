/**
 * Peers on their way between processes, or into a file. Numbers are big-endian.
 *
 * | batch | |
 * |---|---|
 * | u8 | version, 1 |
 * | u32 | base: a time that all sides mean the same by, in seconds |
 * | … | sections |
 *
 * | section of peers | | section of completions | |
 * |---|---|---|---|
 * | u8 | kind: a sum of SEEDERS, STOPPED, IPV6, TAGGED, NAMED | u8 | kind: COMPLETED |
 * | 20 B | infohash | 20 B | infohash |
 * | u16 | how many peers follow, at least 1 | u32 | downloads completed, ever |
 * | … | peers | u32 | those that nobody else knows of |
 *
 * | peer | |
 * |---|---|
 * | 6 or 18 B | as in a compact list |
 * | u16 | how many seconds before the base it was heard of |
 * | u32 | TAGGED: which client it is (swarm/client-tag.ts) |
 * | 20 B | NAMED: its peer id |
 *
 * So a peer takes 12 or 24 bytes in a large swarm, 35 or 47 in a swarm of one, and 20 more with its
 * peer id. One that has stopped has neither tag nor id: who heard it has seen to it that it may.
 */
import { PEER_ID_LENGTH, PEER_LENGTH_V4, PEER_LENGTH_V6 } from '../../protocol/udp-layout.ts';

export const BATCH_VERSION = 1;
export const BATCH_HEADER_LENGTH = 5;
export const SECTION_HEADER_LENGTH = 23;
export const COMPLETED_SECTION_LENGTH = 29;

export const KIND_SEEDERS = 1;
export const KIND_STOPPED = 2;
export const KIND_IPV6 = 4;
export const KIND_COMPLETED = 8;
export const KIND_TAGGED = 16;
export const KIND_NAMED = 32;

const TAG_LENGTH = 4;

/** Length of a compact peer in a section of a kind. */
export function peerLength(kind: number): 6 | 18 {
  return (kind & KIND_IPV6) === 0 ? PEER_LENGTH_V4 : PEER_LENGTH_V6;
}

/** Length of a peer with all that is said of it. */
export function peerEntryLength(kind: number): number {
  const tagLength = (kind & KIND_TAGGED) === 0 ? 0 : TAG_LENGTH;
  const idLength = (kind & KIND_NAMED) === 0 ? 0 : PEER_ID_LENGTH;
  return peerLength(kind) + 2 + tagLength + idLength;
}
