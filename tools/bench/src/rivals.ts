/**
 * Programs from npm that are measured against. They are no dependencies of the workspace (one of
 * them brings install scripts along): `rivals/` has a lock of its own, installed on first use.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = join(import.meta.dirname, '..', 'rivals');

/** Installs them unless they are there. @throws Error when npm fails */
export async function installRivals(): Promise<void> {
  if (existsSync(join(FOLDER, 'node_modules', 'webtorrent'))) return;
  console.log('installing what is measured against (npm ci --ignore-scripts) ...');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', args, { cwd: FOLDER });
}

/** A command that a rival brings. */
export function rivalCommand(name: string): string {
  return join(FOLDER, 'node_modules', '.bin', name);
}

/** Loads a rival's main module; `T` is the little of it that is used. */
export async function loadRival<T>(name: string): Promise<T> {
  const { load } = (await import(join(FOLDER, 'load.js'))) as {
    load: (packageName: string) => Promise<T>;
  };
  return load(name);
}
