import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newProgram } from '@shoal/cli';
import { expect, test } from 'vitest';
import { addTrackerFlags } from '../src/tracker-flags.ts';
import { startSmallTracker } from './admin/small-tracker.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../deploy');
const VERIFIER = '/usr/bin/systemd-analyze';

test('the Containerfile sets variables that are flags', async () => {
  const containerfile = await readFile(join(folder, 'Containerfile'), 'utf8');
  const names = containerfile.match(/SHOAL_TRACKER_[A-Z_]+/g) ?? [];
  const flags = addTrackerFlags(newProgram('shoal-tracker', '0', '', '')).options;
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect(flags.map(({ envVar }) => envVar)).toContain(name);
});

test('the health check of the Containerfile passes, and fails when nobody is there', async () => {
  const containerfile = await readFile(join(folder, 'Containerfile'), 'utf8');
  const [, script] = /HEALTHCHECK .* CMD \["node", "-e", \\\n +"(.*)"\]/.exec(containerfile)!;
  const small = await startSmallTracker();
  const here = script!.replace('127.0.0.1:9696', new URL(small.url).host);
  await run(process.execPath, ['-e', here]);
  await small.close();
  await expect(run(process.execPath, ['-e', here])).rejects.toMatchObject({ code: 1 });
});

test.skipIf(!existsSync(VERIFIER) && process.env.CI === undefined)(
  'systemd takes the unit (skipped where there is no systemd-analyze)',
  async () => {
    const { stdout, stderr } = await run(VERIFIER, [
      'verify',
      join(folder, 'shoal-tracker.service'),
    ]);
    expect(stdout + stderr).toBe('');
  },
);
