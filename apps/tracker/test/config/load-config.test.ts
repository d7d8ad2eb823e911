import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newProgram } from '@shoal/cli';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { addTrackerFlags, type TrackerFlags } from '../../src/tracker-flags.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-tracker-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Reads a file with this text, beside these flags. */
async function load(text: string, args: readonly string[] = []) {
  const path = join(folder, 'tracker.toml');
  await writeFile(path, text);
  const program = addTrackerFlags(newProgram('shoal-tracker', '0', '', ''));
  program.parse(['--config', path, ...args], { from: 'user' });
  const faults = await loadConfig(program);
  return {
    flags: program.opts<TrackerFlags>(),
    faults: faults.map((fault) => fault.replace(`${path}: `, '')),
  };
}

test('every flag has a key, and paths begin beside the file', async () => {
  const { flags, faults } = await load(`
    http = "127.0.0.1:7000"
    udp = "off"
    interval = 900
    allow = "lists/allow"
    deny = "/etc/deny"
    admin = 9000
    admin-host = ["tracker.example", "t"]
    json = true
    log-level = "info"
    log-format = "json"
    log-addresses = false
  `);
  expect(faults).toEqual([]);
  expect(flags).toMatchObject({
    http: [{ host: '127.0.0.1', port: 7000 }],
    udp: [],
    interval: 900,
    allow: join(folder, 'lists/allow'),
    deny: '/etc/deny',
    admin: { host: undefined, port: 9000 },
    adminHost: ['tracker.example', 't'],
    json: true,
    logLevel: 'info',
    logFormat: 'json',
    logAddresses: false,
  });
});

test('every flag can stand in a file but those about the run itself', async () => {
  const keys = addTrackerFlags(newProgram('shoal-tracker', '0', '', ''))
    .options.map(({ long }) => long!.slice(2))
    .filter((name) => !['config', 'check-config', 'debug', 'version'].includes(name));
  const { faults } = await load(keys.map((key) => `${key} = { table = 1 }`).join('\n'));
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(keys);
});

test('a flag wins over the environment, that over the file, that over the default', async () => {
  const text = 'interval = 900\nudp = 7001\nlog-level = "debug"\njson = true';
  vi.stubEnv('SHOAL_TRACKER_INTERVAL', '800');
  vi.stubEnv('SHOAL_TRACKER_UDP', '7002');
  vi.stubEnv('SHOAL_TRACKER_JSON', '0');
  const { flags } = await load(text, ['--interval', '700']);
  expect(flags).toMatchObject({ interval: 700, udp: [{ port: 7002 }], logLevel: 'debug' });
  expect(flags.http).toEqual([{ host: undefined, port: 6969 }]);
  expect(flags.json).toBeUndefined();
});

test.each([
  ['flags', '', ['--http', '7000', '--http', '[::1]:7001'], undefined],
  ['the environment', '', [], '7000 [::1]:7001'],
  ['a file', 'http = [7000, "[::1]:7001"]', [], undefined],
] as const)('takes several places to listen from %s', async (_, text, args, variable) => {
  if (variable !== undefined) vi.stubEnv('SHOAL_TRACKER_HTTP', variable);
  const { flags, faults } = await load(text, args);
  expect(faults).toEqual([]);
  expect(flags.http).toEqual([
    { host: undefined, port: 7_000 },
    { host: '::1', port: 7_001 },
  ]);
});

test.each([
  ['intervall = 1', 'There is no key "intervall". Did you mean interval?'],
  ['[listen]\nhttp = 1', 'There is no key "listen". Run shoal-tracker --help for the flags.'],
  ['config = "x"', 'There is no key "config". Run shoal-tracker --help for the flags.'],
  ['"a\\u001b[2J" = 1', 'There is no key "a\\u001b[2J". Run shoal-tracker --help for the flags.'],
  ['interval = 0', 'interval: Write a whole number from 1 to 14400.'],
  ['interval = 1.5', 'interval: Write a whole number from 1 to 14400.'],
  ['interval = [1]', 'interval: Write one value, not a list.'],
  ['http = true', 'http: Write a text in quotes or a number.'],
  ['http = "x"', 'http: Write PORT, HOST:PORT, [IPV6]:PORT, or off.'],
  ['http = [1, "off"]', 'http: Write off alone.'],
  ['json = "yes"', 'json: Write true or false.'],
  ['log-level = "loud"', 'log-level: Write one of debug, info, warn, error, silent.'],
  ['admin-host = [1979-05-27]', 'admin-host: Write a text in quotes or a number.'],
])('%j is a fault', async (text, sentence) => {
  const { faults } = await load(text);
  expect(faults).toEqual([sentence]);
});

test('a value is read even where a flag wins over it', async () => {
  const { faults } = await load('interval = 0', ['--interval', '700']);
  expect(faults).toHaveLength(1);
});

test('says where a file is no TOML, or that there is none', async () => {
  await expect(load('interval = 900\nhttp = ')).rejects.toThrow(
    /tracker\.toml: line 2, column \d+ is no TOML: .*\. Write lines such as interval = 600/,
  );
  const program = addTrackerFlags(newProgram('shoal-tracker', '0', '', ''));
  program.parse(['--config', '/nowhere/tracker.toml'], { from: 'user' });
  await expect(loadConfig(program)).rejects.toThrow('/nowhere/tracker.toml does not exist.');
});

test.each(['allow-client', 'deny-client', 'trusted-proxy', 'admin-host', 'http'])(
  'an empty list is no value of %s',
  async (key) => {
    const { faults } = await load(`${key} = []`);
    expect(faults).toEqual([`${key}: The list is empty: leave the key out, or write a value.`]);
  },
);
