import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { UserDatabase } from '@shoal/tracker/server';
import { expect, test } from 'vitest';
import {
  demandDatabasePlace,
  demandOwnFiles,
  demandSnapshotPlace,
} from '../../src/config/check-places.ts';
import type { TrackerFlags } from '../../src/tracker-flags.ts';

function flags(paths: Partial<TrackerFlags>): TrackerFlags {
  return paths as TrackerFlags;
}

test('a snapshot takes the place of a snapshot alone', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'x');
  const demand = (): Promise<void> => demandSnapshotPlace(flags({ snapshot: path }));
  await demand();
  for (const text of ['', 'shoal-swarms v1\n', 'shoal-swarms v2\n...']) {
    await writeFile(path, text);
    await demand();
  }
  await writeFile(path, 'notes');
  await expect(demand()).rejects.toThrow(
    `${path} is something else than a snapshot of swarms. Give --snapshot a path of its own.`,
  );
});

test('files that are written and files that are read are different ones', () => {
  const good = { snapshot: 'a', private: 'b', allow: 'c', deny: 'c' };
  demandOwnFiles(flags(good));
  for (const [both, bad] of [
    ['--snapshot and --private', { snapshot: 'x/../b' }],
    ['--snapshot and --allow', { snapshot: './c' }],
    ['--snapshot and --config', { config: `${process.cwd()}/a` }],
    ['--private and --tls-key', { tlsKey: 'b' }],
  ] as const)
    expect(() => demandOwnFiles(flags({ ...good, ...bad }))).toThrow(`Both ${both} are `);
});

test('a database is one of users, or not there yet', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'users.db');
  const demand = (): Promise<void> => demandDatabasePlace(flags({ private: path }));
  await demand();
  await writeFile(path, '');
  await demand();
  UserDatabase.open(path, 0).close();
  await demand();
  expect(await readdir(folder.path)).toEqual(['users.db']);
  await writeFile(path, 'no database, but some text that is long enough to be looked at');
  await expect(demand()).rejects.toThrow(`Cannot open ${path}: file is not a database.`);
});
