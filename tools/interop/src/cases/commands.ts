/** The command language against aria2 and Transmission: its transcript is that of docs/commands.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { aria2 } from '../clients/aria2.ts';
import type { Client } from '../clients/client.ts';
import { shoalProgram } from '../clients/shoal.ts';
import { transmission } from '../clients/transmission.ts';
import { PAYLOAD_NAME, writePayload } from '../payload.ts';
import { createTorrent } from '../torrent-maker.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import { announceUrl, untilSeeders } from '../trackers/tracker.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'commands.md');
/** How the page writes the client that has all, and the one that has nothing. */
const SEEDER = '192.0.2.7:6881';
const LEECHER = '192.0.2.8:6881';

/**
 * The leecher is choked before there is anything to give, so that it takes just the piece that it is
 * offered; the limit keeps this peer from fetching more than that in the meantime.
 */
const SCRIPT: readonly string[] = [
  '/limit down 20K',
  `/connect_peer ${LEECHER}`,
  `/choke ${LEECHER}`,
  `/connect_peer ${SEEDER}`,
  `/check_target_peer_connected ${SEEDER}`,
  `/ping ${SEEDER}`,
  `/request_download ${SEEDER} 20`,
  '/check_chunk 20',
  `/disconnect_peer ${SEEDER}`,
  `/check_target_peer_connected ${SEEDER}`,
  `/check_target_peer_connected ${LEECHER}`,
  `/request_download ${LEECHER} 21`,
  `/upload ${LEECHER} 20`,
  `/unchoke ${LEECHER}`,
  `/disconnect_peer ${LEECHER}`,
  `/check_target_peer_connected ${LEECHER}`,
];

/** Said or not, as the other side is quick or slow to unchoke. */
const IMPATIENT = / chokes Peer\[me\]; waiting/;

/** The client seeds on host 2 and knows of nobody on host 3; this peer is on host 4. */
async function runScript(arena: Arena, client: Client, port: number): Promise<void> {
  const source = await arena.subfolder('source');
  await writePayload(source);
  const tracker = arena.host(1);
  const url = announceUrl('http', tracker.v4);
  const payload = join(source, PAYLOAD_NAME);
  const announced = await createTorrent(arena, payload, '-t', url);
  await shoalTracker.start(arena, tracker, [announced.infoHash]);
  const seeder = arena.host(2);
  await client.seed(arena, { host: seeder, torrent: announced, folder: source });
  await untilSeeders(arena, tracker, announced.infoHash, 1);
  const silent = await createTorrent(arena, payload);
  const leecher = arena.host(3);
  const folder = await arena.subfolder('leecher');
  await client.leech(arena, { host: leecher, torrent: silent, folder });

  const places = [
    [SEEDER, `${seeder.v4}:${port}`],
    [LEECHER, `${leecher.v4}:${port}`],
  ] as const;
  const script = join(arena.folder, 'script');
  const real = (line: string): string =>
    places.reduce((text, [shown, place]) => text.replaceAll(shown, place), line);
  await writeFile(script, SCRIPT.map(real).join('\n'));
  const said = await transcript(arena, script, silent.path);
  const shown = transcriptOf(said, places);
  const page = await readFile(PAGE, 'utf8');
  if (!page.includes(shown))
    throw new Error(`docs/commands.md has not this transcript of ${client.name}:\n${shown}`);
}

/** Everything that the peer on host 4 answers. */
async function transcript(arena: Arena, script: string, torrent: string): Promise<string> {
  const folder = await arena.subfolder('peer');
  const peer = arena.start(arena.host(4), 'shoal --commands', [
    ...shoalProgram('shoal'),
    ...['--commands', script, torrent, '--json', '--no-dht', '--no-lsd', '--no-pex'],
    ...['--output', folder, '--state', join(folder, 'state')],
  ]);
  // Exit code 1: some of the lines are to fail.
  await peer.exited;
  return peer.output;
}

/** What was typed and what was answered, as the page shows it. */
function transcriptOf(
  output: string,
  places: readonly (readonly [shown: string, place: string])[],
): string {
  const said = output
    .split('\n')
    .filter((line) => /^\{"event":"(answer|error)"/.test(line))
    .map((line) => JSON.parse(line));
  const blocks = SCRIPT.map((line, at) => {
    const answers = said.filter((one) => one.line === at + 1);
    const texts = answers
      .map(({ event, text, message }) => (event === 'error' ? `error: ${message}` : text))
      .filter((answer) => !IMPATIENT.test(answer));
    return [`> ${line}`, ...texts].join('\n');
  });
  const text = blocks.join('\n\n');
  return places
    .reduce((shown, [written, place]) => shown.replaceAll(place, written), text)
    .replace(/\d+\.\d\d ms/g, '0.42 ms')
    .replace(/(down|up) [\d.]+ [KM]?i?B\/s/g, '$1 0 B/s')
    .replace(/peer (choking|interested) no/g, 'peer $1 yes')
    .replace(/(aria2|Transmission)[ /][\d.]+/g, '$1');
}

const CLIENTS = [
  { client: aria2, port: 6881 },
  { client: transmission, port: 51_413 },
] as const;

export const commandsCases: readonly Case[] = CLIENTS.map(({ client, port }) => ({
  name: `the commands of a peer against ${client.name}`,
  needs: ['transmission-show', ...client.programs],
  needsHosts: true,
  limitS: 120,
  run: (arena) => runScript(arena, client, port),
}));
