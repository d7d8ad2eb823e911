import { readFile } from 'node:fs/promises';
import type { EngineEvent } from '@shoal/engine';
import { expect, test } from 'vitest';
import { runProgram } from '../src/program.ts';

test('a word that is no file is taken for a mistyped command, and for a file where it has a dot', async () => {
  await expect(runProgram(['verfy', 'a', 'b'])).rejects.toThrow('Perhaps shoal verify was meant.');
  await expect(runProgram(['get', 'verfy'])).rejects.toThrow('verfy does not exist.');
  await expect(runProgram(['--json', './verfy'])).rejects.toThrow('./verfy does not exist.');
});

/** Those that have another name with `--json`; a new one has to find its place here. */
const SHOWN: Readonly<Record<EngineEvent['type'], string>> = {
  'torrent-added': 'torrent-added',
  'torrent-removed': 'torrent-removed',
  'torrent-in-use': 'torrent-in-use',
  metadata: 'metadata',
  'state-damaged': 'state-damaged',
  checked: 'checked',
  piece: 'piece',
  'hash-failed': 'hash-failed',
  'peer-joined': 'peer',
  'peer-left': 'peer',
  'peer-banned': 'peer',
  tracker: 'tracker',
  complete: 'complete',
  'torrent-error': 'error',
};

test('the README has a row for every event of --json', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const table = readme.slice(readme.indexOf('| event |'), readme.indexOf('Exit codes:'));
  const rows = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names]) =>
    [...names!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
  );
  const others = ['ready', 'progress', 'tracker-serving'];
  expect(rows.sort()).toEqual([...new Set([...Object.values(SHOWN), ...others])].sort());
});
