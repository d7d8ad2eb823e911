import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newProgram } from '@shoal/cli';
import { temporaryFolder } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { addTrackerFlags } from '../src/tracker-flags.ts';
import { startSmallTracker } from './admin/small-tracker.ts';
import { startTracker } from './tracker-process.ts';

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

test('the Containerfile copies what is there, or what its build makes', async () => {
  const containerfile = await readFile(join(folder, 'Containerfile'), 'utf8');
  const root = join(folder, '../../..');
  const ignored = await readFile(join(folder, 'Containerfile.dockerignore'), 'utf8');
  const copied = [...containerfile.matchAll(/^COPY --from=build \/shoal\/(\S+) (\S+)$/gm)];
  expect(copied).toHaveLength(4);
  // By npm ci and by the target of nx that the step before them names.
  const made = ['node_modules', 'apps/tracker/dist'];
  const { scripts } = JSON.parse(await readFile(join(folder, '../package.json'), 'utf8'));
  expect(containerfile).toContain('nx run shoal-tracker:build');
  expect(scripts.build).toBe('tsup src/main.ts');
  for (const [, from = '', to = ''] of copied) {
    expect(to).toMatch(/^\/opt\/shoal\//);
    if (made.includes(from)) expect(ignored).toContain(from.split('/').at(-1));
    else expect(existsSync(join(root, from)), from).toBe(true);
  }
  const [, link = ''] = /ln -s \/opt\/shoal\/(\S+) \/usr\/local\/bin\/shoal-tracker/.exec(
    containerfile,
  )!;
  expect(existsSync(join(root, link))).toBe(true);
  // The program is bundled: what it imports at run time are dependencies of its own.
  expect(containerfile).toContain('--omit=dev --workspace shoal-tracker');
});

test('the unit names files that deploy/ has, and commands that the program knows', async () => {
  const unit = await readFile(join(folder, 'shoal-tracker.service'), 'utf8');
  for (const [, name = ''] of unit.matchAll(/^# {3}install -Dm644 (\S+) /gm))
    expect(existsSync(join(folder, name)), name).toBe(true);
  const flags = addTrackerFlags(newProgram('shoal-tracker', '0', '', '')).options;
  const used = [...unit.matchAll(/^Exec\w+=\/usr\/bin\/env shoal-tracker (.+)$/gm)];
  expect(used).toHaveLength(1);
  for (const [, args = ''] of used)
    for (const arg of args.match(/--[\w-]+/g) ?? [])
      expect(flags.map(({ long }) => long)).toContain(arg);
});

test('systemd does not start it again with an option or a configuration that is wrong', async () => {
  const unit = await readFile(join(folder, 'shoal-tracker.service'), 'utf8');
  const [, ...statuses] = /^RestartPreventExitStatus=(\d+) (\d+)$/m.exec(unit)!.map(Number);
  // They are of the main process alone: a check before it would be tried without end.
  expect(unit).not.toContain('ExecStartPre');
  await using temporary = await temporaryFolder();
  const config = join(temporary.path, 'tracker.toml');
  await writeFile(config, 'intervall = 1');
  const codes = [['--config', config], ['--interval', '0'], ['--nonsense']].map(
    (args) => startTracker(args).exitCode,
  );
  for (const code of await Promise.all(codes)) expect(statuses).toContain(code);
});

test('the image is built in a format that has health checks', async () => {
  const containerfile = await readFile(join(folder, 'Containerfile'), 'utf8');
  const builds = containerfile.match(/^# +podman build .*/gm);
  expect(builds).toHaveLength(1);
  expect(builds![0]).toContain('--format docker');
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
