import { newProgram } from '@shoal/cli';
import { expect, test } from 'vitest';
import { unknownTwins } from '../../src/config/unknown-twins.ts';
import { addTrackerFlags } from '../../src/tracker-flags.ts';
import { addUserCommands } from '../../src/users/user-commands.ts';

const program = addTrackerFlags(newProgram('shoal-tracker', '0', '', ''));
addUserCommands(program, () => {});

test('names variables that stand for no flag, and the nearest that does', () => {
  expect(
    unknownTwins(program, {
      SHOAL_TRACKER_INTERVALL: '5',
      SHOAL_TRACKER_LOGLEVEL: 'info',
      SHOAL_TRACKER_PORT: '7000',
    }),
  ).toEqual([
    'SHOAL_TRACKER_INTERVALL stands for no flag. Did you mean SHOAL_TRACKER_INTERVAL?',
    'SHOAL_TRACKER_LOGLEVEL stands for no flag. Did you mean SHOAL_TRACKER_LOG_LEVEL?',
    expect.stringMatching(/^SHOAL_TRACKER_PORT stands for no flag\./),
  ]);
});

test('knows all flags, those of commands, and what is of somebody else', () => {
  expect(
    unknownTwins(program, {
      SHOAL_TRACKER_INTERVAL: '5',
      SHOAL_TRACKER_PEER_IDS: '0',
      SHOAL_TRACKER_URL: 'http://t.example',
      SHOAL_TRACKER_IS_WORKER: '1',
      SHOAL_TRACKER_SERVICE_HOST: '10.0.0.1',
      SHOAL_TRACKER_SERVICE_PORT_HTTP: '6969',
      SHOAL_TRACKER_PORT: 'tcp://10.0.0.1:6969',
      SHOAL_TRACKER_PORT_6969_TCP_ADDR: '10.0.0.1',
      SHOAL_DOWN_LIMIT: '1',
      PATH: '/bin',
    }),
  ).toEqual([]);
});
