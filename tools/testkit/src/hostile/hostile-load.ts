/** What hostile requests are sent to a tracker. */
import type { Random } from '@shoal/units';

export interface HostileLoad {
  /** Of the tracker on 127.0.0.1. */
  readonly port: number;
  /** About how many requests; the tracker says how many it read. */
  readonly count: number;
  readonly random: Random;
}

/** How long a tracker may leave a sender without a sign of life. */
export const PATIENCE_MS = 20_000;

/** Most requests are about few torrents, so that they meet each other there. */
export function someInfoHash(random: Random): Uint8Array {
  return random.below(4) === 0 ? random.bytes(20) : new Uint8Array(20).fill(random.below(8));
}

/** Runs `work` that many times, so many at a time. */
export async function inLanes(
  count: number,
  laneCount: number,
  work: () => Promise<void>,
): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
}
