/** Shoal's own programs, as built: `shoal-seeder` seeds, `shoal get` fetches. */
import { join } from 'node:path';
import type { Client } from './client.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** What to run for one of the apps. */
export function shoalProgram(name: 'shoal' | 'shoal-seeder' | 'shoal-tracker'): string[] {
  const app = { shoal: 'peer', 'shoal-seeder': 'seeder', 'shoal-tracker': 'tracker' }[name];
  return [process.execPath, join(ROOT, 'apps', app, 'bin', `${name}.js`)];
}

/** @param flags - more flags of both its programs */
export function shoalWith(name: string, ...flags: readonly string[]): Client {
  return {
    name,
    programs: [],
    makesEmptyFiles: true,
    async seed(arena, { host, torrent, folder }) {
      const state = await arena.subfolder(`state-${host.v4}`);
      const seeder = arena.start(host, `shoal-seeder on ${host.v4}`, [
        ...shoalProgram('shoal-seeder'),
        ...[torrent.path, '--data', folder, '--state', state, '--json', ...flags],
      ]);
      await seeder.line(/"event":"ready"/, arena.signal);
    },
    async leech(arena, { host, torrent, folder }) {
      const state = await arena.subfolder(`state-${host.v4}`);
      const get = arena.start(host, `shoal get on ${host.v4}`, [
        ...shoalProgram('shoal'),
        ...['get', torrent.path, '--output', folder, '--state', state, '--json', ...flags],
      ]);
      return () => get.done(arena.signal);
    },
  };
}

export const shoal = shoalWith('shoal');
