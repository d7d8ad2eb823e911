/**
 * `npm run bench [-- transfer|tracker|create] [WORD...]`: one table, each row two programs in turn.
 * Other words choose the rows that have them all: `tracker redis`, `tracker udp opentracker`.
 *
 * Everything happens on loopback and on tmpfs. Needs Linux, two cores and Debian's aria2,
 * python3-libtorrent, mktorrent, opentracker, redis-server and time; a row without its program says so.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { type Choice, chooseRows } from './choose-rows.ts';
import type { Row } from './contender.ts';
import { createRows, writeCreatePayload } from './create/rows.ts';
import { race } from './race.ts';
import { installRivals } from './rivals.ts';
import { abandonServers } from './server-process.ts';
import { formatTable, type Result } from './table.ts';
import { closeStands, trackerRows } from './tracker/rows.ts';
import { makePayload } from './transfer/payload.ts';
import { TRANSFER_LENGTH, transferRows } from './transfer/rows.ts';

type Rows = readonly (readonly [rivalName: string, row: Row])[];

interface Part {
  /** Makes what it needs below `root`, an empty folder on tmpfs. */
  prepare(root: string): Promise<Rows>;
  /** After its last row. */
  finish?(): Promise<void>;
}

const PARTS: Readonly<Record<string, Part>> = {
  transfer: {
    prepare: async (root) => transferRows(await makePayload(root, TRANSFER_LENGTH)),
  },
  tracker: { prepare: async () => trackerRows, finish: closeStands },
  create: {
    async prepare(root) {
      await writeCreatePayload(root);
      return createRows(root);
    },
  },
};

async function runPart(part: Part, choice: Choice): Promise<Result[]> {
  const root = mkdtempSync('/dev/shm/shoal-bench-');
  const cleanUp = (): void => rmSync(root, { recursive: true, force: true });
  process.on('exit', cleanUp);
  try {
    const results: Result[] = [];
    for (const [rivalName, row] of await part.prepare(root)) {
      if (!choice.includes(row.title, rivalName)) continue;
      console.error(`${row.title}: Shoal and ${rivalName} in turn, ${row.rounds} rounds ...`);
      results.push(await race(row, rivalName));
    }
    await part.finish?.();
    return results;
  } finally {
    cleanUp();
    process.off('exit', cleanUp);
  }
}

async function main(words: readonly string[]): Promise<number> {
  const choice = chooseRows(words, Object.keys(PARTS));
  await installRivals();
  const results: Result[] = [];
  for (const name of choice.parts) {
    const part = PARTS[name];
    if (part) results.push(...(await runPart(part, choice)));
  }
  if (results.length === 0) {
    console.error(
      `no row has all of "${words.join(' ')}": name ${Object.keys(PARTS).join(', ')} or words of a row`,
    );
    return 2;
  }
  console.log(formatTable(results));
  return results.every(({ ours, theirs }) => ours && theirs) ? 0 : 1;
}

process.on('exit', abandonServers);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => process.exit(7));
process.exitCode = await main(process.argv.slice(2));
