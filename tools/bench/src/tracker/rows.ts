/** The tracker rows. Next to each other in order, so that one filled tracker serves several. */
import type { Row } from '../contender.ts';
import { openLatency } from './latency.ts';
import type { LoadKind } from './load-order.ts';
import { openMemory, openMemoryWithStore } from './memory.ts';
import {
  bittorrentTracker,
  opentracker,
  shoalMemory,
  shoalRedis,
  shoalTracker,
  shoalUnpinned,
  shoalWorkers,
  type TrackerProgram,
} from './servers.ts';
import { Stand } from './stand.ts';
import { openThroughput } from './throughput.ts';
import type { WorkloadName } from './workload.ts';

type NamedRow = readonly [rivalName: string, row: Row];

const ROUNDS = 3;
const CLOSES = 'closes the connection after each answer';
const KIND_NAMES: Readonly<Record<LoadKind, string>> = {
  udp: 'UDP',
  http: 'HTTP',
  'http-keep-alive': 'HTTP keep-alive',
};
const KINDS: readonly LoadKind[] = ['udp', 'http', 'http-keep-alive'];

const ourStand = new Stand();
const theirStand = new Stand();

/** Ends the trackers that wait for the next row. */
export async function closeStands(): Promise<void> {
  await ourStand.close();
  await theirStand.close();
}

interface Race {
  readonly kind: LoadKind;
  readonly rival: TrackerProgram;
  readonly program?: TrackerProgram;
  readonly workload?: WorkloadName;
  /** What the title says besides the transport. */
  readonly feature?: string;
}

function throughputRow(race: Race): NamedRow {
  const { kind, rival, program = shoalTracker, workload = '1,000 torrents' } = race;
  // What is asked to keep connections and closes them is given a new one for each announce.
  const isClosing = kind === 'http-keep-alive' && rival === opentracker;
  const theirs = isClosing ? { kind: 'http' as const, remark: CLOSES } : { kind };
  return [
    rival.name,
    {
      title: ['tracker', KIND_NAMES[kind], race.feature ?? workload].join(', '),
      unit: 'answers/s',
      cpuUnit: 'us an answer',
      rounds: ROUNDS,
      ours: () => openThroughput({ stand: ourStand, program, workload, kind }),
      theirs: () => openThroughput({ stand: theirStand, program: rival, workload, ...theirs }),
    },
  ];
}

function latencyRow(kind: LoadKind, rival: TrackerProgram): NamedRow {
  return [
    rival.name,
    {
      title: `tracker, ${KIND_NAMES[kind]}, p99 at half the top rate`,
      unit: 'ms',
      cpuUnit: 'us an answer',
      rounds: ROUNDS,
      ours: () => openLatency(ourStand, shoalTracker, kind),
      theirs: () => openLatency(theirStand, rival, kind),
    },
  ];
}

const memoryRow: NamedRow = [
  opentracker.name,
  {
    title: 'tracker, memory of 1 M peers in 1,000 torrents',
    unit: 'B a peer',
    cpuUnit: 'us an answer',
    rounds: 1,
    ours: () => openMemoryWithStore(shoalTracker),
    theirs: () => openMemory(opentracker),
  },
];

function rowsNextTo(rival: TrackerProgram, workload: WorkloadName): NamedRow[] {
  return KINDS.map((kind) => throughputRow({ kind, rival, workload }));
}

export const trackerRows: readonly NamedRow[] = [
  ...rowsNextTo(bittorrentTracker, '1,000 torrents'),
  latencyRow('http-keep-alive', bittorrentTracker),
  ...rowsNextTo(opentracker, '1,000 torrents'),
  latencyRow('udp', opentracker),
  ...rowsNextTo(opentracker, '100,000 torrents'),
  ...rowsNextTo(bittorrentTracker, '100,000 torrents'),
  ...(['udp', 'http-keep-alive'] as const).map((kind) =>
    throughputRow({
      ...{ kind, feature: '--workers 2' },
      ...{ program: shoalWorkers, rival: shoalUnpinned },
    }),
  ),
  throughputRow({
    ...{ kind: 'udp', feature: '--store redis://' },
    ...{ program: shoalRedis, rival: shoalMemory },
  }),
  memoryRow,
];
