/** The transfer rows: 1 GiB from a seeder to a leecher of the same program. */
import type { Row } from '../contender.ts';
import { aria2 } from './aria2.ts';
import { libtorrent } from './libtorrent.ts';
import { openPair } from './pair.ts';
import type { Payload } from './payload.ts';
import { shoal } from './shoal.ts';
import { webtorrent } from './webtorrent.ts';

export const TRANSFER_LENGTH = 1024 ** 3;
const ROUNDS = 3;

export function transferRows(payload: Payload): [rivalName: string, row: Row][] {
  return [libtorrent, webtorrent, aria2].map((rival) => [
    rival.name,
    {
      title: 'transfer, 1 GiB',
      unit: 'MiB/s',
      cpuUnit: 's seeder + leecher',
      rounds: ROUNDS,
      ours: () => openPair(shoal, payload),
      theirs: () => openPair(rival, payload),
    },
  ]);
}
