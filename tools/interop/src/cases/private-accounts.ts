/**
 * What a client uploads is credited although a private tracker has lost its last report: the client
 * brings back the `tracker id` that it had. Its interval is long enough for the leecher to be done
 * meanwhile.
 */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { aria2 } from '../clients/aria2.ts';
import type { Client, TorrentFile } from '../clients/client.ts';
import { shoal, shoalProgram } from '../clients/shoal.ts';
import { transmission } from '../clients/transmission.ts';
import type { Host } from '../hosts.ts';
import { writePayload } from '../payload.ts';
import type { Program } from '../program.ts';
import { readInfoHash } from '../torrent-maker.ts';
import { TRACKER_PORT } from '../trackers/tracker.ts';
import { until } from '../until.ts';

const INTERVAL_S = 20;
/** What the payload has, but for what clients round off. */
const LEAST_UPLOADED = 16_000_000;

/** The tracker's host, and the database of its users. */
interface Place {
  readonly arena: Arena;
  readonly host: Host;
  readonly users: string;
}

function privateAccountsCase(client: Client): Case {
  return {
    name: `private accounts: ${client.name} brings back its tracker id`,
    needs: [...client.programs, 'transmission-show'],
    needsHosts: true,
    limitS: 90,
    run: (arena) => seedOverLoss(arena, client),
  };
}

async function seedOverLoss(arena: Arena, client: Client): Promise<void> {
  const place = { arena, host: arena.host(1), users: join(arena.folder, 'users.db') };
  const folder = await arena.subfolder('source');
  const payload = await writePayload(folder, client.makesEmptyFiles);
  const torrents = [];
  for (const name of ['seeder', 'leecher']) torrents.push(await torrentOf(place, name, payload));
  const [seeders, leechers] = torrents as [TorrentFile, TorrentFile];
  const before = await startTracker(place);
  await client.seed(arena, { host: arena.host(2), torrent: seeders, folder });
  await untilSeeder(place, seeders.infoHash);
  await before.stop();
  loseReports(place);
  await startTracker(place);
  const job = { host: arena.host(3), torrent: leechers, folder: await arena.subfolder('leech') };
  await (await shoal.leech(arena, job))();
  const early = await uploadedBy(place, 'seeder');
  if (early > 0) throw new Error(`it announced ${early} bytes before the leecher was done`);
  await until('the upload to be credited', arena.signal, async () =>
    (await uploadedBy(place, 'seeder')) >= LEAST_UPLOADED ? true : undefined,
  );
}

/** Adds a user. @returns a torrent with its announce URL */
async function torrentOf(place: Place, name: string, payload: string): Promise<TorrentFile> {
  const { arena, host, users } = place;
  const url = `http://${host.v4}:${TRACKER_PORT}`;
  const added = await arena.ask(host, [
    ...[...shoalProgram('shoal-tracker'), 'user', 'add', name],
    ...['--db', users, '--url', url, '--json'],
  ]);
  const { announce } = JSON.parse(added) as { announce: readonly string[] };
  const path = join(arena.folder, `${name}.torrent`);
  const create = ['create', payload, '-o', path, '-t', announce[0]!, '--piece-length', '64K'];
  await arena.ask(host, [...shoalProgram('shoal'), ...create]);
  return { path, infoHash: await readInfoHash(path) };
}

/** One that knows who announced to the one before. */
async function startTracker({ arena, host, users }: Place): Promise<Program> {
  const tracker = arena.start(host, 'shoal-tracker', [
    ...[...shoalProgram('shoal-tracker'), '--private', users],
    ...['--http', String(TRACKER_PORT), '--udp', 'off', '--admin', '9696', '--json'],
    ...['--interval', String(INTERVAL_S), '--snapshot', join(arena.folder, 'swarms')],
  ]);
  await tracker.line(/"event":"ready"/, arena.signal);
  return tracker;
}

function loseReports({ users }: Place): void {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(users);
  database.exec('DELETE FROM session');
  database.close();
}

async function untilSeeder({ arena, host }: Place, infoHash: string): Promise<void> {
  const url = `http://127.0.0.1:9696/torrent.json?infohash=${infoHash}`;
  const script = `fetch(${JSON.stringify(url)}).then((a) => a.text()).then(console.log, () => {})`;
  await until('the tracker to know the seeder', arena.signal, async () => {
    const said = await arena.ask(host, [process.execPath, '--eval', script]);
    return /"seeders?(?:Count)?":1\b/.test(said) ? true : undefined;
  });
}

/** @returns what its account has */
async function uploadedBy({ arena, host, users }: Place, name: string): Promise<number> {
  const stats = ['user', 'stats', name, '--db', users, '--json'];
  const said = await arena.ask(host, [...shoalProgram('shoal-tracker'), ...stats]);
  return Number(/"uploaded":(\d+)/.exec(said)?.[1]);
}

export const privateAccountsCases: readonly Case[] = [aria2, transmission, shoal].map(
  privateAccountsCase,
);
