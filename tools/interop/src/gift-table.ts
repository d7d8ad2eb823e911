/** Who gave what to whom, as a table. */
import { hostOf, type ShoalEvent } from './clients/shoal-peer.ts';

const KIB = 1024;
const COLUMN_LENGTH = 12;

/** One program of the swarm: a name for the table, its host's addresses, all that it told. */
export interface Witness {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly events: readonly ShoalEvent[];
}

/**
 * Shape: a row for each giver, a column for each taker, in KiB. Both ends tell what went over a
 * connection when it ends; an end that was killed cannot, so the one that told more counts.
 */
export function giftTable(witnesses: readonly Witness[], infoHash: string): string {
  const cell = (text: string): string => text.padStart(COLUMN_LENGTH);
  const rows = witnesses.map((giver) => {
    const given = witnesses.map((taker) =>
      Math.max(
        bytes(giver, taker, 'uploaded', infoHash),
        bytes(taker, giver, 'downloaded', infoHash),
      ),
    );
    const sum = given.reduce((total, length) => total + length, 0);
    return [giver.name, ...[...given, sum].map(inKib)].map(cell).join('');
  });
  const head = ['KiB from/to', ...witnesses.map(({ name }) => name), 'sum'].map(cell).join('');
  return [head, ...rows].join('\n');
}

/** What `witness` told of its connections with `other`. */
function bytes(
  witness: Witness,
  other: Witness,
  direction: 'uploaded' | 'downloaded',
  infoHash: string,
): number {
  let sum = 0;
  for (const one of witness.events) {
    if (one.event !== 'peer' || one.state !== 'left' || one.infoHash !== infoHash) continue;
    if (other.addresses.includes(hostOf(String(one.address)))) sum += Number(one[direction]);
  }
  return sum;
}

function inKib(length: number): string {
  return length === 0 ? '-' : String(Math.round(length / KIB));
}
