/**
 * `npm run bench [-- transfer|tracker|create]`: one table, each row two programs in turn.
 *
 * Everything happens on loopback and on tmpfs. Needs Linux, two cores and Debian's aria2,
 * python3-libtorrent, mktorrent, opentracker and time; a row without its program says so.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { Row } from './contender.ts';
import { createRows, writeCreatePayload } from './create/rows.ts';
import { race } from './race.ts';
import { installRivals } from './rivals.ts';
import { abandonServers } from './server-process.ts';
import { formatTable, type Result } from './table.ts';
import { trackerRows } from './tracker/rows.ts';
import { makePayload } from './transfer/payload.ts';
import { TRANSFER_LENGTH, transferRows } from './transfer/rows.ts';

type Rows = readonly (readonly [rivalName: string, row: Row])[];

/** Each part makes what it needs below `root`, an empty folder on tmpfs. */
const PARTS: Readonly<Record<string, (root: string) => Promise<Rows>>> = {
  transfer: async (root) => transferRows(await makePayload(root, TRANSFER_LENGTH)),
  tracker: async () => trackerRows,
  create: async (root) => {
    await writeCreatePayload(root);
    return createRows(root);
  },
};

async function runPart(prepare: (root: string) => Promise<Rows>): Promise<Result[]> {
  const root = mkdtempSync('/dev/shm/shoal-bench-');
  const cleanUp = (): void => rmSync(root, { recursive: true, force: true });
  process.on('exit', cleanUp);
  try {
    const results: Result[] = [];
    for (const [rivalName, row] of await prepare(root)) {
      console.error(`${row.title}: Shoal and ${rivalName} in turn, ${row.rounds} rounds ...`);
      results.push(await race(row, rivalName));
    }
    return results;
  } finally {
    cleanUp();
    process.off('exit', cleanUp);
  }
}

async function main(chosen: readonly string[]): Promise<number> {
  const names = chosen.length > 0 ? chosen : Object.keys(PARTS);
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown !== undefined) {
    console.error(`there is no "${unknown}": choose from ${Object.keys(PARTS).join(', ')}`);
    return 2;
  }
  await installRivals();
  const results: Result[] = [];
  for (const name of names) {
    const prepare = PARTS[name];
    if (prepare) results.push(...(await runPart(prepare)));
  }
  console.log(formatTable(results));
  return results.every(({ ours, theirs }) => ours && theirs) ? 0 : 1;
}

process.on('exit', abandonServers);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => process.exit(7));
process.exitCode = await main(process.argv.slice(2));
