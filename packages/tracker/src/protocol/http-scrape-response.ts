/** The answer to a scrape over HTTP as bencode, both ways. Pure. BEP 48. */
import { DictReader, encode } from '@shoal/bencode';
import type { InfoHash } from '@shoal/units';
import type { ScrapeCounts } from './announce.ts';
import { readAnswer, refuseFailure } from './http-answer.ts';

const UNKNOWN: ScrapeCounts = { seederCount: 0, completedCount: 0, leecherCount: 0 };

/** Writes the counts of each swarm; `infoHashes[i]` has `counts[i]`. */
export function encodeScrapeResponse(
  infoHashes: readonly InfoHash[],
  counts: readonly ScrapeCounts[],
): Uint8Array {
  const files = new Map(
    infoHashes.map((infoHash, index) => {
      const { seederCount, completedCount, leecherCount } = counts[index]!;
      return [
        latin1(infoHash),
        { complete: seederCount, downloaded: completedCount, incomplete: leecherCount },
      ] as const;
    }),
  );
  return encode({ files });
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
  return Buffer.from(infoHash).toString('latin1');
}
