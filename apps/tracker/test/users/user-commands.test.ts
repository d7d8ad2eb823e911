import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@shoal/testkit';
import { createTrackerTransport } from '@shoal/tracker/client';
import { toInfoHash, toPeerId } from '@shoal/units';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock, systemRandom } from '../../src/adapters.ts';
import { runProgram } from '../../src/program.ts';
import { ready, startTracker } from '../tracker-process.ts';

let db: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  db = join(folder.path, 'users.sqlite');
});

/** Runs a command of `user`. @returns what it printed */
async function user(...args: readonly string[]): Promise<string> {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text.toString();
    return true;
  });
  try {
    expect(await runProgram(['user', ...args, '--db', db])).toBe(0);
  } finally {
    write.mockRestore();
  }
  return printed;
}

function eventsIn(printed: string): unknown[] {
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Adds a user. @returns the passkey in its URL */
async function add(name: string): Promise<string> {
  const [event] = eventsIn(await user('add', name, '--json', '--url', 'https://t.example'));
  expect(event).toEqual({
    event: 'user-added',
    name,
    announce: [expect.stringMatching(/^https:\/\/t\.example\/[0-9a-f]{32}\/announce$/)],
  });
  return (event as { announce: string[] }).announce[0]!.split('/')[3]!;
}

async function announce(url: string, uploaded: number): Promise<number | undefined> {
  const transport = createTrackerTransport({
    userAgent: 'test',
    clock: systemClock,
    random: systemRandom,
  });
  const request = {
    infoHash: toInfoHash(new Uint8Array(20).fill(1))!,
    peerId: toPeerId(new Uint8Array(20).fill(2))!,
    port: 6_881,
    uploaded,
    downloaded: 0,
    left: 1,
    numWant: 10,
    key: 1,
  };
  try {
    const { leecherCount } = await transport.announce(url, request, new AbortController().signal);
    return leecherCount;
  } finally {
    await transport.close();
  }
}

test('a member announces with its passkey, is counted, and is kept out once it is disabled', async () => {
  const passkey = await add('ann');
  const here = ['--http', '127.0.0.1:0', '--udp', '127.0.0.1:0', '--ws', '127.0.0.1:0'];
  const tracker = startTracker(['--private', db, ...here, '--json', '--log-level', 'debug']);
  const event = await ready(tracker);
  expect(event).toMatchObject({ ws: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
  const url = `http://${event.http}/${passkey}/announce`;
  await expect(announce(`http://${event.http}/announce`, 0)).rejects.toThrow('private');
  expect(await announce(url, 0)).toBe(1);
  expect(await announce(`udp://${event.udp}/${passkey}/announce`, 1)).toBe(1);
  await announce(url, 2);
  await expect.poll(() => user('list'), { timeout: 15_000 }).toMatch(/^ann +enabled +2 B +0 B /m);
  expect(eventsIn(await user('stats', 'ann', '--json'))).toMatchObject([
    { event: 'user', name: 'ann', uploaded: 2, isDisabled: false },
    { event: 'torrent', infoHash: '01'.repeat(20), uploaded: 2 },
  ]);
  expect(await user('stats', 'ann')).toMatch(/^(01){20} +2 B +0 B +- +0 +2/m);

  expect(await user('disable', 'ann')).toBe('User ann is disabled.\n');
  await expect
    .poll(() => announce(url, 2).then(() => '', String), { timeout: 15_000 })
    .toContain('does not know this passkey');
  expect(await user('enable', 'ann', '--json')).toBe('{"event":"user-enabled","name":"ann"}\n');

  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
  expect(tracker.stdout() + tracker.stderr()).not.toContain(passkey);
  expect(await readFile(db, 'latin1')).not.toContain(passkey);
});

test('another passkey ends the one before', async () => {
  const passkey = await add('ann');
  const renewed = await user('renew', 'ann', '--url', 'udp://tracker.example:6969/');
  expect(renewed).toMatch(/^ {2}udp:\/\/tracker\.example:6969\/[0-9a-f]{32}\/announce$/m);
  expect(renewed).not.toContain(passkey);
});

test('names the URLs of this machine when no other is given', async () => {
  expect(await user('add', 'ann')).toMatch(
    /^The announce URLs of ann; they are shown only once:\n {2}http:\/\/[\d.]+:6969\/[0-9a-f]{32}\/announce\n {2}udp:.*\/announce\n$/,
  );
});

test('refuses in one sentence: names that are none, taken or unknown, bad URLs, a missing file', async () => {
  const expectRefusal = async (args: readonly string[], exitCode: number, sentence: string) =>
    expect(user(...args)).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(sentence),
    });
  await expectRefusal(['list'], 1, `${db} does not exist.`);
  await expectRefusal(['add', 'a b'], 28, '"a b" is no name for a user.');
  await expectRefusal(['add', 'eve', '--url', 'x'], 28, 'The value of --url is no URL');
  await add('ann');
  await expectRefusal(['add', 'ann'], 1, 'There is a user ann already.');
  for (const command of ['stats', 'disable', 'enable', 'renew'])
    await expectRefusal([command, 'bob'], 1, 'There is no user bob.');
});

test('a file that is no database is left as it is', async () => {
  const text = 'no database, but long enough for one to be looked for in it. '.repeat(20);
  await writeFile(db, text);
  const tracker = startTracker(['--private', db, '--http', '127.0.0.1:0', '--udp', 'off']);
  expect(await tracker.exitCode).toBe(1);
  expect(tracker.stderr()).toMatch(/Cannot open .*: file is not a database\. Check the path/);
  expect(await readFile(db, 'utf8')).toBe(text);
});
