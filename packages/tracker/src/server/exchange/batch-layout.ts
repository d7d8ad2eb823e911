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
 * | u8 | kind: SEEDERS, STOPPED, IPV6 or their sum | u8 | kind: COMPLETED |
 * | 20 B | infohash | 20 B | infohash |
 * | u16 | how many peers follow, at least 1 | u32 | downloads completed, ever |
 * | … | peers: 6 or 18 B as in a compact list, u16 | u32 | those that nobody else knows of |
 *
 * The u16 behind a peer says how many seconds before the base it was heard of. So a peer takes 8 or
 * 20 bytes in a large swarm, 31 or 43 in a swarm of one.
 */

export const BATCH_VERSION = 1;
export const BATCH_HEADER_LENGTH = 5;
export const SECTION_HEADER_LENGTH = 23;
export const COMPLETED_SECTION_LENGTH = 29;

export const KIND_SEEDERS = 1;
export const KIND_STOPPED = 2;
export const KIND_IPV6 = 4;
export const KIND_COMPLETED = 8;

/** Length of a peer with its age. */
export function peerEntryLength(family: 4 | 6): 8 | 20 {
  return family === 4 ? 8 : 20;
}
