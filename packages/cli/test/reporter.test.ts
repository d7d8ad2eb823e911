import { describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { Reporter, type ReporterOptions, reporting } from '../src/reporter.ts';

class Sink {
  written = '';
  readonly isTTY = false;
  write(text: string): void {
    this.written += text;
  }
}

function speak(options: ReporterOptions): { stdout: string; stderr: string } {
  const stdout = new Sink();
  const stderr = new Sink();
  const reporter = new Reporter({ ...options, stdout, stderr, nowMs: () => 0 });
  reporter.event('ready', { port: 1, name: '\u009b', left: undefined });
  reporter.progress(() => '50 %');
  reporter.warn('tracker http://u:p@t/x is away');
  reporter.say('result');
  reporter.end();
  return { stdout: stdout.written, stderr: stderr.written };
}

describe('the reporter', () => {
  it('speaks to people: results on stdout, the rest on stderr', () => {
    expect(speak({})).toEqual({
      stdout: 'result\n',
      stderr: '50 %\ntracker http://***@t/x is away\n',
    });
  });

  it('speaks to machines: events alone on stdout', () => {
    expect(speak({ json: true })).toEqual({
      stdout: '{"event":"ready","port":1,"name":"\\u009b"}\n',
      stderr: 'tracker http://***@t/x is away\n',
    });
  });

  it('says results alone when it is to be quiet', () => {
    expect(speak({ quiet: true })).toEqual({ stdout: 'result\n', stderr: '' });
  });

  it('makes an event of the error that ends a command', async () => {
    const stdout = new Sink();
    const failure = reporting({ json: true, stdout }, () => {
      throw new CliError(9, 'The disk is full.', 'Free space.');
    });
    await expect(failure).rejects.toThrow('The disk is full.');
    expect(JSON.parse(stdout.written)).toEqual({
      event: 'error',
      exitCode: 9,
      message: 'The disk is full. Free space.',
    });
  });
});
