import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ManualClock, temporaryFolder } from '@shoal/testkit';
import { expect, inject, test } from 'vitest';
import { logOf } from '../../src/logging/create-log.ts';
import { LineWriter, type WriteCall } from '../../src/logging/line-writer.ts';

/** A file that takes what it is told to, one write at a time. */
class FakeFile {
  readonly clock = new ManualClock();
  readonly lines: LineWriter;
  written = '';
  #calls: Parameters<WriteCall>[] = [];

  constructor() {
    this.lines = new LineWriter(2, this.clock, (...call) => this.#calls.push(call));
  }

  get callCount(): number {
    return this.#calls.length;
  }

  /** Lets the write that is under way take so many bytes, all of them unless given. */
  take(length = Number.POSITIVE_INFINITY): void {
    const [, bytes, done] = this.#calls.shift()!;
    const taken = bytes.subarray(0, length);
    this.written += Buffer.from(taken).toString();
    done(null, taken.length);
  }

  fail(code: string): void {
    const [, , done] = this.#calls.shift()!;
    done(Object.assign(new Error(code), { code }), 0);
  }
}

test('writes lines in order, those that came meanwhile in one write', () => {
  const file = new FakeFile();
  for (const line of ['a\n', 'b\n', 'c\n']) file.lines.write(line);
  file.take();
  expect(file.written).toBe('a\n');
  file.take(1);
  file.lines.write('d\n');
  file.take();
  file.take();
  expect(file.written).toBe('a\nb\nc\nd\n');
  expect(file.callCount).toBe(0);
  expect(file.lines.lostCount).toBe(0);
});

test('a reader that takes nothing costs lines beyond 1 MiB, and keeps nobody waiting', async () => {
  const file = new FakeFile();
  const line = `${'x'.repeat(1_023)}\n`;
  for (let count = 0; count < 1_030; count++) file.lines.write(line);
  expect(file.callCount).toBe(1);
  expect(file.lines.lostCount).toBe(6);
  const drained = file.lines.drain();
  await file.clock.advance(1_000);
  expect(await drained).toBe(false);
  const again = file.lines.drain();
  file.fail('EAGAIN');
  expect(file.callCount).toBe(0);
  await file.clock.advance(50);
  file.take();
  file.take();
  expect(await again).toBe(true);
  expect(file.written).toBe(line.repeat(1_024));
  expect(file.clock.pendingTimerCount).toBe(0);
});

test.each(['json', 'text'] as const)(
  'lines that a full disk lost are counted later: %s',
  (logFormat) => {
    const file = new FakeFile();
    const log = logOf({ logLevel: 'warn', logFormat }, file.lines);
    log.warn('first');
    log.warn('second');
    log.debug('not logged');
    file.fail('ENOSPC');
    file.fail('ENOSPC');
    log.warn('third');
    file.take();
    log.warn('fourth');
    log.warn('fifth');
    file.take();
    file.take();
    const word = /third|fourth|fifth|lines of the log were lost/;
    const said = file.written.split('\n').flatMap((line) => word.exec(line) ?? []);
    expect(said).toEqual(['third', 'lines of the log were lost', 'fourth', 'fifth']);
    expect(file.written).toMatch(/lostCount\W+2\b/);
  },
);

test.skipIf(!existsSync('/dev/full'))(
  'a log on a full disk does not end the tracker, which stores its swarms at the end',
  async () => {
    await using folder = await temporaryFolder();
    const snapshot = join(folder.path, 'swarms');
    await writeFile(snapshot, 'shoal-swarms v0\n');
    const full = await open('/dev/full', 'w');
    const tracker = spawn(
      process.execPath,
      [
        ...[inject('program'), '--http', '127.0.0.1:0', '--udp', 'off', '--json'],
        ...['--snapshot', snapshot],
      ],
      { stdio: ['ignore', 'pipe', full.fd] },
    );
    const stdout = text(tracker.stdout!);
    await once(tracker.stdout!, 'data');
    tracker.kill('SIGTERM');
    expect(await once(tracker, 'exit')).toEqual([0, null]);
    expect(await stdout).toMatch(/"ready".*\n.*"stopped"/);
    expect(await readFile(snapshot, 'latin1')).toMatch(/^shoal-swarms v1\n/);
    await full.close();
  },
);
