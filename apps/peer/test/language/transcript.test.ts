/** Runs every command against two peers and a tracker: what is said stands in docs/commands.md. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandError } from '../../src/language/command-error.ts';
import { helpTables } from '../../src/language/help/help-page.ts';
import { COMMANDS } from '../../src/language/registry.ts';
import { openSmallTracker, type SmallTracker } from './small-tracker.ts';
import { PIECE_LENGTH, Sandbox, TestHost, textOf, until } from './two-peers.ts';

const PAGE = fileURLToPath(new URL('../../../../docs/commands.md', import.meta.url));
/** What follows is what a case of tools/interop holds to other clients. */
const WITH_OTHERS = '## With other clients';
/** Slow enough that the last piece is still missing when it is asked for, in bytes a second. */
const SEEDER_RATE = 500_000;

let sandbox: Sandbox;
let tracker: SmallTracker;
beforeAll(async () => {
  sandbox = await Sandbox.open();
  tracker = await openSmallTracker();
});
afterAll(async () => {
  tracker.close();
  await sandbox.close();
});

it('answers every command as docs/commands.md shows it', { timeout: 60_000 }, async () => {
  const files = {
    'a.bin': 1_000_000,
    'my film.mkv': 22 * PIECE_LENGTH - 1_000_000,
    'sand.txt': 50_000,
  };
  const reef = await sandbox.torrent('reef', files, [tracker.url]);
  const kelp = await sandbox.torrent('kelp', { 'x.bin': 200_000, 'y.bin': 100_000 });
  const seeder = await sandbox.seeder([reef, kelp], { upBytesPerS: SEEDER_RATE });
  const leecher = await sandbox.engine('leecher');
  const outputFolder = sandbox.path('leecher');
  await leecher.add({ source: { metainfo: reef }, outputFolder, selectedFiles: [2] });
  await until(leecher, reef, 'downloading');
  const me = await sandbox.engine('me');
  const host = new TestHost(me, sandbox.folder);

  /** As one writes them, and as they are. */
  const places: readonly (readonly [written: string, real: string])[] = [
    ['192.0.2.7:6881', `127.0.0.1:${seeder.port}`],
    ['192.0.2.8:6881', `127.0.0.1:${leecher.port}`],
    ['http://192.0.2.1:6969/announce', tracker.url],
    ['/home/me', sandbox.folder],
  ];
  const transcript: string[] = [];
  const ran = new Set<string>();
  const run = async (line: string): Promise<void> => {
    ran.add(/^\/(\w+)/.exec(line)?.[1] ?? '');
    const real = places.reduce((text, [written, place]) => text.replaceAll(written, place), line);
    transcript.push(`> ${line}`, normalise(await said(host, real), places, me.port), '');
  };
  const runAll = async (script: string): Promise<void> => {
    for (const line of script.trim().split('\n')) await run(line.trim());
  };

  await runAll(`
    /help ping
    /see_swarms
    /add reef.torrent`);
  await until(me, reef, 'downloading');
  await runAll(`
    /see_torrent_struct
    /sequential on
    /see_missing_chunks
    /see_current_chunks
    /check_chunk 3
    /check_tracker_connected
    /see_peer_set
    /connect_peer 192.0.2.8:6881
    /choke 192.0.2.8:6881
    /check_target_peer_connected 192.0.2.8:6881
    /unchoke 192.0.2.8:6881
    /disconnect_peer 192.0.2.8:6881
    /check_target_peer_connected 192.0.2.8:6881
    /connect_peer 192.0.2.8:6881
    /choke 192.0.2.8:6881
    /get_peer_set
    /disconnect_tracker
    /get_peer_set
    /connect_tracker
    /update_status_to_tracker
    /request_download 192.0.2.8:6881 22
    /connect_peer 192.0.2.7:6881
    /ping 192.0.2.7:6881
    /request_download 192.0.2.7:6881 "my film.mkv#6"
    /check_chunk 21
    /wait
    /see_chunk_status
    /see_current_chunks
    /check_chunk "my film.mkv"
    /see_connected
    /upload 192.0.2.8:6881 sand.txt
    /ban 192.0.2.9
    /connect_peer 192.0.2.9:6881
    /unban 192.0.2.9
    /verify
    /limit down 5M
    /limit up none
    /select 1-2
    /select all
    /priority "my film.mkv" high
    /merge_all
    /pause
    /ping 192.0.2.7:6881
    /resume
    /see_this_peer_info`);
  host.addOptions = { store: 'chunks', peers: [address(seeder.port)] };
  await run('/add kelp.torrent');
  await until(me, kelp, 'seeding');
  await runAll(`
    /merge_chunks x.bin
    /merge_chunks x.bin
    /merge_all --torrent kelp
    /see_swarms
    /create seed/kelp/x.bin http://192.0.2.3:6969/announce
    /log --torrent kelp
    /pnig
    /quit_torrent --torrent kelp
    /quit`);

  expect([...ran].sort()).toEqual(expect.arrayContaining(everyName()));
  expect(host.hasQuit).toBe(true);
  const written = await readFile(PAGE, 'utf8');
  const withOthers = written.slice(written.indexOf(WITH_OTHERS));
  await expect(page(transcript) + withOthers).toMatchFileSnapshot(PAGE);
});

function address(port: number) {
  return { host: '127.0.0.1', port, family: 4 } as const;
}

function everyName(): string[] {
  return COMMANDS.map(({ name }) => name).sort();
}

/** What a person reads: answers, or the sentence of the error. */
async function said(host: TestHost, line: string): Promise<string> {
  try {
    return await textOf(host, line);
  } catch (error) {
    if (error instanceof CommandError) return `error: ${error.message}`;
    throw error;
  }
}

/** Addresses as they were written; times, rates and random numbers as one value; one gap a column. */
function normalise(
  text: string,
  places: readonly (readonly [written: string, real: string])[],
  myPort: number,
): string {
  let normal = text;
  for (const [written, real] of places) normal = normal.replaceAll(real, written);
  return normal
    .replaceAll(`port     ${myPort}`, 'port     6881')
    .replace(/\d+\.\d\d ms/g, '0.42 ms')
    .replace(/.* (?:down|up) [\d.]+ [KM]?i?B\/s.*/g, calm)
    .replace(/\d\d:\d\d:\d\d/g, '12:00:00')
    .replace(/(-SL0100- )[0-9a-f]{24}/g, `$1${'0'.repeat(24)}`)
    .replace(/last announce [^,]+ ago/g, 'last announce 2.0 s ago')
    .replace(/next in [^,]+/g, 'next in 29:58');
}

/** A line with rates: the width of its columns changes with them. */
function calm(line: string): string {
  return line.replace(/(down|up) [\d.]+ [KM]?i?B\/s/g, '$1 0 B/s').replace(/ {2,}/g, '  ');
}

function page(transcript: readonly string[]): string {
  return `# The commands of a peer

Everything a peer can be told, on the screen after \`/\` and in scripts. This page is made from the
commands themselves; a test holds it to what they say.

A line is \`/NAME ARGUMENTS\`. Words are parted by blanks; quotes or backslashes keep the blanks of a
path. Each command acts on the torrent in view, or on the one of \`--torrent NAME|INFOHASH-PREFIX\`.
Tab completes commands, torrents, files, peers and paths; the arrows bring back earlier lines, those
of earlier runs too. A peer's address is \`IP PORT\`, \`IP:PORT\` or \`[v6]:PORT\`. A PIECE is an index
from 0, a FILE (all its pieces) or FILE#N (the N-th piece of that file, from 0). A FILE is a path or
the number that \`/see_torrent_struct\` shows. An error is one sentence: what was wrong, what to do.

A tracker may name a minimum interval (\`shoal-tracker\` names 60 s over HTTP). An announce by hand
within it is kept and goes when it is over; the answer says so, and shows the peers known by then.

## In a script

\`shoal --commands FILE [TORRENT|MAGNET|FOLDER]...\` runs the lines of FILE, or of standard input with
\`-\`, without a screen, and ends after the last one. Blank lines and lines that begin with \`#\` are
left out. Answers go to stdout, errors to stderr; a command that fails does not stop the others, but
the exit code is 1 then. With \`--json\` each answer is one object a line:

\`\`\`json
{"event":"answer","line":3,"command":"/ping 192.0.2.7 6881","text":"Peer[192.0.2.7:6881] 0.42 ms","address":"192.0.2.7:6881","ms":0.42}
{"event":"error","line":4,"command":"/pnig","code":"unknown-command","message":"There is no command /pnig; perhaps /ping was meant."}
\`\`\`

${helpTables(COMMANDS)}

## All of them in one run

A peer fetches \`reef\` from the seeder 192.0.2.7 and gives a piece of it to the leecher 192.0.2.8; the
tracker is 192.0.2.1. Times and rates vary from run to run and are shown as one value.

\`\`\`
${transcript.join('\n').trimEnd()}
\`\`\`

`;
}
