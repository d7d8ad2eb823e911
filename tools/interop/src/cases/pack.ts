/** `npm pack` of each app, installed into an empty folder elsewhere, must run there. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { writePayload } from '../payload.ts';
import { output } from '../run.ts';

const APPS_FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'apps');

/** Our licence, and those of what was bundled. */
const NOTICES = ['LICENSE', 'dist/THIRD-PARTY.txt'] as const;

interface PackedApp {
  readonly app: string;
  readonly command: string;
  /** What it must do besides telling its version. */
  use?(arena: Arena, program: string): Promise<void>;
}

/** Packs the app, installs the package in an empty folder. @returns the path of its command there */
async function install(arena: Arena, { app, command }: PackedApp): Promise<string> {
  const { signal } = arena;
  const packed = await arena.subfolder('packed');
  const home = await arena.subfolder('elsewhere');
  const listed = await output(['npm', 'pack', '--json', '--pack-destination', packed], {
    cwd: join(APPS_FOLDER, app),
    signal,
  });
  const file = listed.match(/"filename":\s*"([^"]+)"/)?.[1];
  if (file === undefined) throw new Error(`npm pack names no file: ${listed}`);
  for (const notice of NOTICES)
    if (!listed.includes(`"path": "${notice}"`)) throw new Error(`the package lacks ${notice}`);
  await writeFile(join(home, 'package.json'), '{"name":"elsewhere","private":true}\n');
  await output(['npm', 'install', '--no-audit', '--no-fund', join(packed, file)], {
    cwd: home,
    signal,
  });
  return join(home, 'node_modules', '.bin', command);
}

async function createAndShow(arena: Arena, program: string): Promise<void> {
  const payload = await writePayload(arena.folder);
  const torrent = join(arena.folder, 'made.torrent');
  const url = 'http://10.77.0.1:6969/announce';
  await output([program, 'create', payload, '-t', url, '-o', torrent]);
  const shown = await output([program, 'show', torrent]);
  if (!shown.includes('Reef.bin')) throw new Error(`show leaves a file out:\n${shown}`);
  await output([program, 'verify', torrent, arena.folder]);
}

/** The commands' first line asks for `node`: it must be the one that runs this tool. */
function packCase(packedApp: PackedApp): Case {
  return {
    name: `npm pack of ${packedApp.command} installs and runs in an empty folder`,
    needs: ['npm'],
    needsHosts: false,
    limitS: 120,
    run: async (arena) => {
      const program = await install(arena, packedApp);
      const version = (await output([program, '-V'])).trim();
      if (!/\d+\.\d+\.\d+/.test(version)) throw new Error(`-V prints "${version}"`);
      await packedApp.use?.(arena, program);
    },
  };
}

export const packCases: readonly Case[] = [
  packCase({ app: 'peer', command: 'shoal', use: createAndShow }),
  packCase({ app: 'seeder', command: 'shoal-seeder' }),
  packCase({ app: 'tracker', command: 'shoal-tracker' }),
];
