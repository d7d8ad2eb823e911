/** The answer to a scrape over HTTP as bencode, both ways. Pure. BEP 48. */
import { DictReader } from '@shoal/bencode';
import type { InfoHash } from '@shoal/units';
import type { ScrapeCounts } from './announce.ts';
import { readAnswer, refuseFailure } from './http-answer.ts';

const UNKNOWN: ScrapeCounts = { seederCount: 0, completedCount: 0, leecherCount: 0 };

/**
 * Writes the counts of each swarm; `infoHashes[i]` has `counts[i]`. By hand: a hundred swarms by the
 * encoder of objects take a millisecond.
 */
export function encodeScrapeResponse(
  infoHashes: readonly InfoHash[],
  counts: readonly ScrapeCounts[],
): Uint8Array {
  const files = new Map<string, ScrapeCounts>();
  for (const [index, infoHash] of infoHashes.entries()) files.set(latin1(infoHash), counts[index]!);
  let text = 'd5:filesd';
  // By the bytes of the keys: what Latin-1 has as code units.
  for (const infoHash of [...files.keys()].sort()) {
    const { seederCount, completedCount, leecherCount } = files.get(infoHash)!;
    text += `20:${infoHash}d8:completei${seederCount}e10:downloadedi${completedCount}e10:incompletei${leecherCount}ee`;
  }
  return Buffer.from(`${text}ee`, 'latin1');
}

/**
 * Reads the counts of the infohashes asked for, in their order; swarms that the tracker leaves out
 * have 0.
 * @throws TrackerError `failure` when the tracker refuses, `bad-response` for what is no answer
 */
export function decodeScrapeResponse(
  bytes: Uint8Array,
  infoHashes: readonly InfoHash[],
): ScrapeCounts[] {
  return readAnswer(bytes, (dict) => {
    refuseFailure(dict);
    const files = dict.dict('files');
    return infoHashes.map((infoHash) => {
      const counts = files.value(latin1(infoHash));
      return counts === undefined ? UNKNOWN : readCounts(DictReader.of(counts, 'files[]'));
    });
  });
}

function readCounts(dict: DictReader): ScrapeCounts {
  const count = (key: string): number => dict.optionalInteger(key, { min: 0 }) ?? 0;
  return {
    seederCount: count('complete'),
    completedCount: count('downloaded'),
    leecherCount: count('incomplete'),
  };
}

/** The infohash as a key of a bencoded dict: one character a byte. */
function latin1(infoHash: InfoHash): string {
  return Buffer.from(infoHash.buffer, infoHash.byteOffset, infoHash.length).toString('latin1');
}
