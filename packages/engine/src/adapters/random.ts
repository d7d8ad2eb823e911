/** The real random numbers: the system's cryptographic generator. */
import { randomFillSync, randomInt } from 'node:crypto';
import type { Random } from '@shoal/units';

export const systemRandom: Random = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
  below: (limit) => randomInt(limit),
};
