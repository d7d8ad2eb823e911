/** Shoal's own programs, as built. */
import { join } from 'node:path';

const APPS = join(import.meta.dirname, '..', '..', '..', 'apps');
const FOLDERS = { shoal: 'peer', 'shoal-seeder': 'seeder', 'shoal-tracker': 'tracker' } as const;

/** What to run for one of the apps. */
export function shoalProgram(name: keyof typeof FOLDERS): string[] {
  return [process.execPath, join(APPS, FOLDERS[name], 'bin', `${name}.js`)];
}
