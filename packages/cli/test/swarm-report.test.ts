import { describe, expect, it } from 'vitest';
import { Reporter } from '../src/reporter.ts';
import { isSeedGoalReached, seedGoalOf } from '../src/seed-goal.ts';
import { type SwarmEvent, SwarmReport, type SwarmSummary } from '../src/swarm-report.ts';

const INFO_HASH = 'ab'.repeat(20);

class Sink {
  written = '';
  write(text: string): void {
    this.written += text;
  }
}

function make(json: boolean) {
  const stdout = new Sink();
  const stderr = new Sink();
  const time = { nowMs: 0 };
  const reporter = new Reporter({ json, stdout, stderr, nowMs: () => time.nowMs });
  const told: string[] = [];
  const report = new SwarmReport(reporter, {
    nowMs: () => time.nowMs,
    tellFailure: ({ message }) => told.push(message),
  });
  return { report, stdout, stderr, told, time };
}

const summary: SwarmSummary = {
  infoHash: INFO_HASH,
  status: 'downloading',
  wantedLength: 100,
  haveLength: 10,
  downloaded: 10,
  uploaded: 0,
  downBytesPerS: 5.4,
  upBytesPerS: 0,
  etaS: undefined,
  peerCount: 1,
};

describe('the report of a swarm', () => {
  it('gives machines one event a line, without secrets', () => {
    const { report, stdout } = make(true);
    const joined = {
      type: 'peer-joined',
      infoHash: INFO_HASH,
      address: '192.0.2.1:1',
      client: 'X',
    };
    report.handleEvent(joined);
    const url = 'http://t.example/announce?passkey=PLANTED';
    const tracker = {
      type: 'tracker',
      infoHash: INFO_HASH,
      url,
      ok: false,
      message: `${url} is away`,
    };
    report.handleEvent(tracker);
    const lines = stdout.written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { event: 'peer', state: 'joined', address: '192.0.2.1:1' },
      { event: 'tracker', url: 'http://t.example/announce?***', ok: false },
    ]);
    expect(stdout.written).not.toContain('PLANTED');
  });

  it('keeps why a torrent stopped, with the exit code', () => {
    const { report, told, stderr } = make(false);
    const message = 'No space left for a/b.';
    const event = { type: 'torrent-error', infoHash: INFO_HASH, code: 'disk-full', message };
    report.handleEvent(event);
    expect(report.failureOf(INFO_HASH)?.exitCode).toBe(9);
    expect(told).toEqual([expect.stringMatching(/^No space left for a\/b\. Free some space/)]);
    expect(stderr.written).toBe('');
  });

  it('calls metadata that is no torrent a bad torrent', () => {
    const { report } = make(false);
    const message = 'The torrent that the magnet names is unusable.';
    report.handleEvent({
      type: 'torrent-error',
      infoHash: INFO_HASH,
      code: 'bad-pieces',
      message,
    } as SwarmEvent);
    expect(report.failureOf(INFO_HASH)?.exitCode).toBe(26);
  });

  it('tells people of a dead tracker once, and again after it had worked', () => {
    const { report, stderr } = make(false);
    const tracker = (ok: boolean, isOff = false) => ({
      type: 'tracker',
      infoHash: INFO_HASH,
      url: 'udp://t.example:1',
      ok,
      message: ok ? '' : 'no answer',
      isOff,
    });
    for (const ok of [false, false, true, false]) report.handleEvent(tracker(ok));
    const line = 'Tracker udp://t.example:1: no answer. It is tried again.\n';
    expect(stderr.written).toBe(line + line);
    report.handleEvent(tracker(true));
    report.handleEvent(tracker(false, true));
    expect(stderr.written).toBe(`${line}${line}Tracker udp://t.example:1: no answer.\n`);
  });

  it('writes progress once a second, and only of what changed', () => {
    const { report, stdout, time } = make(true);
    report.update([summary]);
    time.nowMs = 999;
    report.update([{ ...summary, haveLength: 20 }]);
    time.nowMs = 1000;
    report.update([summary]);
    time.nowMs = 2000;
    report.update([{ ...summary, haveLength: 20 }]);
    const lines = stdout.written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.haveLength)).toEqual([10, 20]);
    expect(lines[0]).toMatchObject({ event: 'progress', downBytesPerS: 5, infoHash: INFO_HASH });
  });
});

describe('how long to seed', () => {
  it('is until the ratio or the time is reached, whichever comes first', () => {
    const goal = seedGoalOf({ seedRatio: 2, seedTime: 1 })!;
    expect(isSeedGoalReached(goal, 199, 100, 59_999)).toBe(false);
    expect(isSeedGoalReached(goal, 200, 100, 0)).toBe(true);
    expect(isSeedGoalReached(goal, 0, 100, 60_000)).toBe(true);
    expect(isSeedGoalReached(seedGoalOf({ seedTime: 0 })!, 0, 100, 0)).toBe(true);
    expect(seedGoalOf({})).toBeUndefined();
  });
});
