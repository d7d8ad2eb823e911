/** Peers that attack: a seeder and a leecher keep their memory and their pace, and serve the others. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { Hosts } from '../hosts.ts';
import { differences, hashFolder, PAYLOAD_NAME, writePayload } from '../payload.ts';
import { output } from '../run.ts';
import { createTorrent } from '../torrent-maker.ts';
import { type HealthLimits, WatchedProgram } from '../watched-program.ts';

const ATTACK = join(import.meta.dirname, '..', 'hostile', 'attack.ts');
/** Whoever is attacked, honest peers, and where the attacks come from. */
const [TARGET, HONEST, ATTACKER] = [1, 2, 3];
/** Addresses of an attacker, one for each of its connections. */
const NETWORK = '10.77.1';
const ADDRESS_COUNT = 200;
const FLAGS = ['--no-dht', '--no-lsd', '--json'];
/** How long it is attacked before an honest peer comes. */
const ATTACK_MS = 5_000;
/**
 * Fifty peers that have two megabytes of answers waiting each, what is read from two hundred, and
 * the slack of the heap. The processors are shared with the attacker, and with two other cases.
 */
const LIMITS: HealthLimits = { growthMib: 192, p99Ms: 250, longestMs: 1_500 };

interface Attack {
  /** As `attack.ts` knows it. */
  readonly kind: string;
  /** A seeder by its torrent, or a leecher that has nothing but the magnet. */
  readonly on: 'seeder' | 'magnet';
  readonly fromManyAddresses: boolean;
}

const ATTACKS: readonly Attack[] = [
  { kind: 'giant frames', on: 'seeder', fromManyAddresses: true },
  { kind: 'requests whose answers nobody reads', on: 'seeder', fromManyAddresses: true },
  { kind: 'requests taken back', on: 'seeder', fromManyAddresses: true },
  { kind: 'requests for metadata', on: 'seeder', fromManyAddresses: true },
  { kind: 'connections that come and go', on: 'seeder', fromManyAddresses: false },
  { kind: 'metadata of two gigabytes', on: 'magnet', fromManyAddresses: true },
  { kind: 'metadata that is wrong', on: 'magnet', fromManyAddresses: true },
];

/** What is shared, and how a program is told to have it. */
interface Share {
  readonly source: string;
  readonly torrentPath: string;
  readonly infoHash: string;
}

async function underAttack(arena: Arena, attack: Attack): Promise<void> {
  const source = await arena.subfolder('source');
  const torrent = await createTorrent(arena, await writePayload(source));
  const share = { source, torrentPath: torrent.path, infoHash: torrent.infoHash };
  if (attack.fromManyAddresses) await giveAddresses(arena);
  try {
    await (attack.on === 'seeder' ? attackSeeder : attackMagnet)(arena, share, attack);
  } finally {
    if (attack.fromManyAddresses) await takeAddresses(arena);
  }
}

/** An honest peer fetches before, so that what serving takes is there, and during the attack. */
async function attackSeeder(arena: Arena, share: Share, attack: Attack): Promise<void> {
  const seeder = await startSeeder(arena, TARGET, share);
  const target = `${arena.host(TARGET).v4}:6881`;
  await fetchWhole(arena, 'before', share, target);
  await seeder.begin();
  await startAttack(arena, share, attack);
  await delay(ATTACK_MS, undefined, { signal: arena.signal });
  const startedAtMs = performance.now();
  await fetchWhole(arena, 'during', share, target);
  const tookS = (performance.now() - startedAtMs) / 1_000;
  arena.note(`${seeder.demand(LIMITS)}; an honest peer had all in ${tookS.toFixed(1)} s`);
}

/** The leecher knows liars alone until a real peer calls. */
async function attackMagnet(arena: Arena, share: Share, attack: Attack): Promise<void> {
  const folder = await arena.subfolder('magnet');
  const leecher = new WatchedProgram(arena, arena.host(TARGET), 'shoal', [
    ...['get', `magnet:?xt=urn:btih:${share.infoHash}`, '--output', folder],
    ...['--state', await arena.subfolder('state-magnet'), ...FLAGS],
  ]);
  await leecher.program.line(/"event":"ready"/, arena.signal);
  await leecher.begin();
  await startAttack(arena, share, attack);
  await delay(ATTACK_MS, undefined, { signal: arena.signal });
  await startSeeder(arena, HONEST, share, '--peer', `${arena.host(TARGET).v4}:6881`);
  await leecher.program.done(arena.signal);
  arena.note(leecher.demand(LIMITS));
  await demandWhole(share, folder);
}

async function startSeeder(
  arena: Arena,
  n: number,
  { source, torrentPath }: Share,
  ...flags: readonly string[]
): Promise<WatchedProgram> {
  const state = await arena.subfolder(`state-${n}`);
  const seeder = new WatchedProgram(arena, arena.host(n), 'shoal-seeder', [
    ...[torrentPath, '--data', source, '--state', state, ...FLAGS, ...flags],
  ]);
  await seeder.program.line(/"event":"ready"/, arena.signal);
  return seeder;
}

async function fetchWhole(arena: Arena, name: string, share: Share, peer: string): Promise<void> {
  const folder = await arena.subfolder(name);
  const leecher = new WatchedProgram(arena, arena.host(HONEST), 'shoal', [
    ...['get', share.torrentPath, '--output', folder, '--peer', peer],
    ...['--state', await arena.subfolder(`state-${name}`), ...FLAGS],
  ]);
  await leecher.program.done(arena.signal);
  await demandWhole(share, folder);
}

async function demandWhole({ source }: Share, folder: string): Promise<void> {
  const [whole, found] = await Promise.all(
    [source, folder].map((parent) => hashFolder(join(parent, PAYLOAD_NAME))),
  );
  const wrong = differences(whole!, found!);
  if (wrong.length > 0) throw new Error(`fetched wrongly: ${wrong.join(', ')}`);
}

async function startAttack(arena: Arena, { infoHash }: Share, attack: Attack): Promise<void> {
  const target = [arena.host(TARGET).v4, '6881', infoHash];
  const attacker = arena.start(arena.host(ATTACKER), `attack: ${attack.kind}`, [
    ...[process.execPath, ATTACK, attack.kind, ...target],
    ...(attack.fromManyAddresses ? [NETWORK] : []),
  ]);
  await attacker.line(/attacking/, arena.signal);
}

/** Hosts outlive the case: what is given is taken away again. */
async function giveAddresses(arena: Arena): Promise<void> {
  const batch = join(arena.folder, 'addresses');
  const lines = Array.from(
    { length: ADDRESS_COUNT },
    (_, index) => `addr add ${NETWORK}.${index + 1}/16 dev eth0\n`,
  );
  await writeFile(batch, lines.join(''));
  await arena.ask(arena.host(ATTACKER), ['ip', '-batch', batch]);
}

async function takeAddresses(arena: Arena): Promise<void> {
  const flush = ['ip', 'addr', 'flush', 'dev', 'eth0', 'to', `${NETWORK}.0/24`];
  await output(Hosts.on(arena.host(ATTACKER), flush));
}

export const hostilePeerCases: readonly Case[] = ATTACKS.map((attack) => ({
  name: `hostile peers: ${attack.kind}, on a ${attack.on}`,
  needs: ['transmission-show'],
  needsHosts: true,
  limitS: 90,
  run: (arena) => underAttack(arena, attack),
}));
