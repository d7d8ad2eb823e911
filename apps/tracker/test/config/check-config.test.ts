import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { eventsOf, ready, startTracker } from '../tracker-process.ts';

const ONE = '00112233445566778899aabbccddeeff00112233';
const OTHER = 'ffeeddccbbaa99887766554433221100ffeeddcc';

let folder: string;

beforeEach(async () => {
  const temporary = await temporaryFolder();
  onTestFinished(() => temporary.remove());
  folder = temporary.path;
});

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('--check-config says each fault in a line, starts nothing, and exits with 28', async () => {
  await write('allow', 'nonsense\n');
  const config = await write(
    'tracker.toml',
    'intervall = 1\ninterval = 0\nallow = "allow"\ndeny = "none"\nhttp = 7000\nadmin = 7000\n',
  );
  const check = startTracker(['--config', config, '--check-config']);
  expect(await check.exitCode).toBe(28);
  expect(check.stdout()).toBe('');
  const lines = check.stderr().trim().split('\n');
  expect(lines).toEqual([
    `shoal-tracker: ${config}: There is no key "intervall". Did you mean interval?`,
    `shoal-tracker: ${config}: interval: Write a whole number from 1 to 14400.`,
    `shoal-tracker: ${folder}/allow: line 1 is no infohash. Write 40 hex digits a line; a comment begins with #.`,
    `shoal-tracker: ${folder}/none does not exist. Check the path.`,
    'shoal-tracker: Both --admin and --http have port 7000. Give the admin page a port of its own.',
  ]);
});

test('the example in deploy/ is good, and so is nothing at all', async () => {
  const example = join(import.meta.dirname, '../../deploy/tracker.toml');
  const check = startTracker(['--config', example, '--check-config']);
  const nothing = startTracker(['--check-config']);
  expect(await check.exitCode).toBe(0);
  expect(check.stdout()).toBe('The configuration is good.\n');
  expect(await nothing.exitCode).toBe(0);
  const keys = (await readFile(example, 'utf8')).match(/^#? ?[a-z-]+(?= = )/gm) ?? [];
  expect(keys.length).toBeGreaterThan(8);
});

test.each([
  [['--private', '/nowhere/users.db'], 28, '/nowhere does not exist. Check the path.'],
  [['--private', import.meta.dirname], 28, 'config is a folder. Give the path of a file.'],
  [['--snapshot', import.meta.dirname], 28, 'config is a folder. Give the path of a file.'],
  [['--snapshot', `${import.meta.filename}/x`], 28, 'check-config.test.ts is no folder.'],
  [['--rate-burst', '5'], 28, '--rate-burst does nothing without --rate.'],
  [['--rate', 'off', '--rate-burst', '5'], 28, '--rate-burst does nothing without --rate.'],
  [['--admin-host', 'a'], 28, '--admin-host does nothing without --admin.'],
  [['--admin', '1', '--admin', '2'], 2, '--admin is given twice. Give it one value.'],
  [['--deny-client', '-XX', '--deny-client', '-YY', '--snapshot', join(tmpdir(), 'a/b')], 0, ''],
])('%j is checked: exit code %i', async (args, exitCode, sentence) => {
  const check = startTracker([...args, '--check-config']);
  expect(await check.exitCode).toBe(exitCode);
  expect(check.stderr()).toContain(sentence);
});

test('a file with a fault starts nothing either', async () => {
  const config = await write('tracker.toml', 'http = "127.0.0.1:0"\nudp = "off"\nnonsense = 1\n');
  const tracker = startTracker(['--config', config]);
  expect(await tracker.exitCode).toBe(28);
  expect(tracker.stderr()).toContain('There is no key "nonsense".');
});

test('SIGHUP reads the lists again, and keeps the old ones when they cannot be read', async () => {
  const deny = await write('deny', `${ONE}\n`);
  const config = await write(
    'tracker.toml',
    'http = "127.0.0.1:0"\nudp = "off"\njson = true\ndeny = "deny"\n',
  );
  const tracker = startTracker(['--config', config]);
  const { http } = await ready(tracker);
  const announce = async (infoHash: string): Promise<string> => {
    const query = `info_hash=%${infoHash.match(/../g)!.join('%')}&peer_id=-SL0100-abcdefghijkl&port=6881`;
    return (await fetch(`http://${http}/announce?${query}`)).text();
  };
  expect(await announce(ONE)).toContain('not tracked');
  expect(await announce(OTHER)).toContain('interval');

  await writeFile(deny, `${OTHER}\n`);
  tracker.kill('SIGHUP');
  await expect.poll(() => eventsOf(tracker)).toContainEqual({ event: 'reloaded', deny: 1 });
  expect(await announce(ONE)).toContain('interval');
  expect(await announce(OTHER)).toContain('not tracked');

  await writeFile(deny, 'nonsense');
  tracker.kill('SIGHUP');
  await expect.poll(tracker.stderr).toContain('the old ones stay');
  expect(await announce(OTHER)).toContain('not tracked');

  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
});
