/** The transfer rows: 1 GiB from a seeder to a leecher of the same program. */
import type { Row } from '../contender.ts';
import { aria2 } from './aria2.ts';
import { libtorrent } from './libtorrent.ts';
import { openPair, type PeerProgram } from './pair.ts';
import type { Payload } from './payload.ts';
import { shoal } from './shoal.ts';
import { webtorrent } from './webtorrent.ts';

export const TRANSFER_LENGTH = 1024 ** 3;
const ROUNDS = 3;

/** Between two continents, and between two towns. */
const ROUND_TRIPS_MS = [200, 50];

export function transferRows(payload: Payload): [rivalName: string, row: Row][] {
  return [
    ...[libtorrent, webtorrent, aria2].map((rival) => rowNextTo(rival, payload, 0)),
    ...ROUND_TRIPS_MS.map((roundTripMs) => rowNextTo(libtorrent, payload, roundTripMs)),
  ];
}

function rowNextTo(
  rival: PeerProgram,
  payload: Payload,
  roundTripMs: number,
): [rivalName: string, row: Row] {
  const away = roundTripMs > 0 ? [`${roundTripMs} ms away`] : [];
  const row = {
    title: ['transfer, 1 GiB', ...away].join(', '),
    unit: 'MiB/s',
    cpuUnit: 's seeder + leecher',
    rounds: ROUNDS,
    ours: () => openPair(shoal, payload, roundTripMs),
    theirs: () => openPair(rival, payload, roundTripMs),
  };
  return [rival.name, row];
}
