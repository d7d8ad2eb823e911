import { hurriedClock } from '@shoal/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSmallTracker, type SmallTracker } from './small-tracker.ts';
import { answersOf, Sandbox, TestHost, textOf, until } from './two-peers.ts';

/** The waits between announces are of seconds. */
const TIMES_AS_FAST = 5;

let sandbox: Sandbox;
let tracker: SmallTracker;
let host: TestHost;

beforeEach(async () => {
  const clock = hurriedClock(TIMES_AS_FAST);
  sandbox = await Sandbox.open(clock);
  tracker = await openSmallTracker();
  const engine = await sandbox.engine('me');
  host = new TestHost(engine, sandbox.folder, clock);
});
afterEach(async () => {
  tracker.close();
  await sandbox.close();
});

async function addReef(trackers: readonly string[]): Promise<void> {
  const reef = await sandbox.torrent('reef', { 'a.bin': 1_000 }, trackers);
  await host.add(sandbox.path('reef.torrent'));
  await until(host.engine, reef, 'downloading');
}

describe('the tracker commands', () => {
  it('add a tracker that is named, and take its peers', async () => {
    await addReef([]);
    tracker.peers.push({ host: '127.0.0.1', port: 1, family: 4 });
    await expect(textOf(host, '/connect_tracker')).rejects.toThrow(
      'reef has no tracker; add one with /connect_tracker URL.',
    );
    await expect(textOf(host, '/get_peer_set')).rejects.toThrow(
      'No tracker of reef is connected; add one with /connect_tracker URL.',
    );
    expect(await textOf(host, '/check_tracker_connected')).toBe('no, reef has no tracker');
    const answer = await textOf(host, `/connect_tracker ${tracker.url}`);
    expect(answer.split('\n')).toEqual([
      `Tracker ${tracker.url} established connection to Peer[me]`,
      expect.stringMatching(/^Peer\[127\.0\.0\.1:1\] {2}tracker {2}(dialling|not connected)$/),
    ]);
    expect(tracker.events[0]).toBe('started');
  });

  it('say what a tracker refuses, without what it would do to a terminal', async () => {
    tracker.failure = 'not \u001b[2Jyours';
    await addReef([tracker.url]);
    await expect(textOf(host, '/connect_tracker')).rejects.toThrow(
      /^Tracker http:\S+ did not answer: [^\u001b]*yours[^\u001b]*; check the URL or try again later\.$/,
    );
    const state = await textOf(host, '/check_tracker_connected');
    expect(state).toMatch(/^no {2}http:\S+ {2}last announce .* ago, .*last error: .*yours/);
    expect(state).not.toContain('\u001b');
  });

  it('do not wait for a minimum interval, but say that it is not over', async () => {
    tracker.minIntervalS = 1_000;
    await addReef([tracker.url]);
    const isPolite = 'allows no announce before its minimum interval is over';
    expect((await textOf(host, '/connect_tracker')).split('\n')).toEqual([
      `Tracker ${tracker.url} established connection to Peer[me]`,
      'The peer set of reef is empty',
    ]);
    expect(await textOf(host, '/get_peer_set')).toContain(
      `Tracker ${tracker.url} ${isPolite}; it is asked for peers then`,
    );
    expect(await textOf(host, '/update_status_to_tracker')).toContain(
      `Tracker ${tracker.url} ${isPolite}; Peer[me] status goes to it then`,
    );
    expect(tracker.events).toEqual(['started']);
  });

  it('announce now to a tracker that names no minimum interval, each time anew', async () => {
    tracker.minIntervalS = undefined;
    await addReef([tracker.url]);
    const isUpdated = `Tracker ${tracker.url} updated Peer[me] status: 0 B uploaded`;
    await textOf(host, '/connect_tracker');
    expect(await textOf(host, '/update_status_to_tracker')).toContain(isUpdated);
    expect(await textOf(host, '/update_status_to_tracker')).toContain(isUpdated);
    tracker.peers.push({ host: '127.0.0.1', port: 1, family: 4 });
    expect(await textOf(host, '/get_peer_set')).toContain('Peer[127.0.0.1:1]');
    tracker.peers.push({ host: '127.0.0.1', port: 2, family: 4 });
    expect(await textOf(host, '/connect_tracker')).toContain('Peer[127.0.0.1:2]');
  });

  it('say what was sent, not what is wanted', async () => {
    const reef = await sandbox.torrent('reef', { 'a.bin': 1_000, 'b.bin': 3 }, [tracker.url]);
    await host.add(sandbox.path('reef.torrent'));
    await until(host.engine, reef, 'downloading');
    await textOf(host, '/connect_tracker');
    await textOf(host, '/select 2');
    const [answer] = await answersOf(host, '/update_status_to_tracker');
    expect(answer!.fields.left).toBe(tracker.lefts.at(-1));
    expect(answer!.text).toContain(', 1003 B left');
  });

  it('say stopped once, and connect again to quit', async () => {
    await addReef([tracker.url]);
    await textOf(host, '/connect_tracker');
    await textOf(host, '/disconnect_tracker');
    await expect(textOf(host, '/disconnect_tracker')).rejects.toThrow(
      'No tracker of reef is connected; connect with /connect_tracker.',
    );
    expect(await textOf(host, '/quit_torrent')).toBe('Peer[me] quit torrent reef');
    const told = tracker.events.filter((event) => event !== '');
    expect(told).toEqual(['started', 'stopped', 'started', 'stopped']);
    expect(host.hasQuit).toBe(true);
    expect(host.engine.getSnapshot().torrents).toEqual([]);
  });

  it('refuse what is no URL', async () => {
    await addReef([]);
    await expect(textOf(host, '/connect_tracker tracker.example')).rejects.toThrow(
      '"tracker.example" is no tracker URL; write one such as http://tracker.example:6969/announce.',
    );
  });
});
