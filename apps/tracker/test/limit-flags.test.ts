import { newProgram } from '@shoal/cli';
import { expect, test } from 'vitest';
import { serverLimits, storeLimits } from '../src/limit-flags.ts';
import { addTrackerFlags, type TrackerFlags } from '../src/tracker-flags.ts';

function parse(...args: readonly string[]): TrackerFlags {
  const program = addTrackerFlags(newProgram('shoal-tracker', '0', '', ''));
  program.configureOutput({ writeErr: () => {} });
  return program.parse([...args], { from: 'user' }).opts<TrackerFlags>();
}

test('limits the store, whose copies in workers and their parent share the memory', () => {
  expect(storeLimits(parse())).toEqual({ maxSwarmCount: 2_000_000, maxPeerCount: 16_000_000 });
  const args = ['--max-torrents', '10', '--max-peers', '20', '--max-memory', '64M'];
  const limits = { maxSwarmCount: 10, maxPeerCount: 20 };
  expect(storeLimits(parse(...args))).toEqual({ ...limits, maxByteLength: 64 * 2 ** 20 });
  expect(storeLimits(parse(...args, '--workers', '3'))).toEqual({
    ...limits,
    maxByteLength: 16 * 2 ** 20,
  });
});

test('limits answers, and connections, of which each process that answers has its part', () => {
  expect(serverLimits(parse(), 1)).toEqual({ maxNumWant: 200, minIntervalS: 60 });
  const args = ['--max-numwant', '5', '--min-interval', '9', '--max-connections', '101'];
  expect(serverLimits(parse(...args), 2)).toEqual({
    maxNumWant: 5,
    minIntervalS: 9,
    maxConnectionCount: 51,
  });
});

test.each([
  [['--max-memory', '1000'], 'Write a size from 1M up, such as 512M.'],
  [['--max-memory', 'much'], 'Write a size such as'],
  [['--max-torrents', '0'], 'Write a whole number from 1 to 1000000000.'],
  [['--max-numwant', '2001'], 'Write a whole number from 1 to 2000.'],
])('%j is refused', (args, sentence) => {
  expect(() => parse(...args)).toThrow(sentence);
});
