import { expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { ExitCode } from '../src/exit-code.ts';
import { HeldFailure } from '../src/held-failure.ts';
import { Reporter } from '../src/reporter.ts';

const FIRST = new CliError(ExitCode.error, 'One is away.', 'Look for it.');
const SECOND = new CliError(ExitCode.badTorrent, 'Two is odd.', 'Make it again.');

function make(json: boolean) {
  const lines: string[] = [];
  const stderr = { write: (text: string) => lines.push(text) };
  return { failure: new HeldFailure(new Reporter({ json, stderr })), told: () => lines.join('') };
}

it('holds the newest failure back for the last line, and tells those before', () => {
  const { failure, told } = make(false);
  failure.hold(FIRST);
  expect(told()).toBe('');
  failure.hold(SECOND);
  expect(told()).toBe('One is away. Look for it.\n');
  expect(failure.last).toBe(SECOND);
});

it('tells a failure once when it goes on', () => {
  const { failure, told } = make(false);
  failure.hold(FIRST);
  failure.tell();
  failure.tell();
  expect(told()).toBe('One is away. Look for it.\n');
  expect(failure.last).toBeUndefined();
});

it('leaves machines to the event', () => {
  const { failure, told } = make(true);
  failure.hold(FIRST);
  failure.tell();
  expect(told()).toBe('');
});
