import { afterEach, expect, test } from 'vitest';
import { type Run, ready, runTracker } from './tracker-process.ts';

const PASSKEY = 'planted0passkey0planted0passkey0';
const HERE = ['--http', '127.0.0.1:0', '--udp', 'off', '--admin', '127.0.0.1:0', '--json'];

let tracker: Run;

afterEach(() => tracker.end());

test.each([
  [[], false],
  [['--log-addresses'], true],
])(
  'with %j a log of everything has no passkey, and addresses of clients: %j',
  async (flags, isShown) => {
    tracker = runTracker([...HERE, '--log-level', 'debug', ...flags]);
    const { http, admin } = await ready(tracker);
    for (const host of [http, admin])
      await (await fetch(`http://${host}/${PASSKEY}/announce?passkey=${PASSKEY}`)).text();
    await fetch(`http://${admin}/health`);
    await expect.poll(tracker.stderr).toContain('"path":"/health"');
    const lines = tracker.stderr().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ msg: 'admin request', path: '/***/announce', status: 404 }),
    );
    expect(tracker.stderr()).not.toContain(PASSKEY);
    expect(tracker.stderr().includes('"remote":"127.0.0.1"')).toBe(isShown);
  },
);
