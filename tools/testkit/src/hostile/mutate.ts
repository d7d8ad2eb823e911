/** Spoils bytes in the ways that find faults in readers. */
import type { Random } from '@shoal/units';

const MAX_CHANGES = 4;
const TELLING = [0, 1, 0x20, 0x25, 0x7f, 0x80, 0xff];

/** @returns a copy with one to four changes: bytes turned, cut off, doubled, put in or taken out */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated: Uint8Array = bytes.slice();
  for (let left = 1 + random.below(MAX_CHANGES); left > 0 && mutated.length > 0; left--)
    mutated = change(mutated, random);
  return mutated;
}

function change(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length);
  const end = Math.min(bytes.length, at + 1 + random.below(16));
  switch (random.below(6)) {
    case 0:
      bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 1:
      bytes[at] = pick(TELLING, random);
      return bytes;
    case 2:
      return bytes.fill(pick(TELLING, random), at, end);
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
  }
}

/** One of them, each as likely. */
export function pick<T>(values: readonly T[], random: Random): T {
  return values[random.below(values.length)]!;
}
