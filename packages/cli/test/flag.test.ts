import { Command } from 'commander';
import { afterEach, describe, expect, it } from 'vitest';
import { flag, oneOf, parsePort, repeatable } from '../src/flag.ts';
import { addSwarmFlags, type SwarmFlags } from '../src/swarm-flags.ts';

/** Parses with these variables in the environment, as a shell would set them. */
function parse(args: readonly string[], env: Record<string, string> = {}): SwarmFlags {
  Object.assign(process.env, env);
  const command = addSwarmFlags(new Command('x').exitOverride().configureOutput({}));
  command.configureOutput({ writeErr: () => {} }).parse([...args], { from: 'user' });
  return command.opts<SwarmFlags>();
}

describe('flags', () => {
  afterEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('SHOAL_')) delete process.env[name];
  });

  it('reads every common flag', () => {
    const flags = parse(
      '-p 0 --host ::1 --peer a:1 --peer b:2 -t http://a -t http://b --down-limit 5M --up-limit 0 --seed-ratio 1.5 --seed-time 10 --sequential --select 1-3,5 --no-dht --no-pex --state s --json -q --log-level warn'.split(
        ' ',
      ),
    );
    expect(flags).toMatchObject({
      port: 0,
      host: '::1',
      peer: ['a:1', 'b:2'],
      tracker: ['http://a', 'http://b'],
      downLimit: 5_242_880,
      upLimit: 0,
      seedRatio: 1.5,
      seedTime: 10,
      sequential: true,
      select: [1, 2, 3, 5],
      dht: false,
      lsd: true,
      pex: false,
      state: 's',
      json: true,
      quiet: true,
      logLevel: 'warn',
    });
  });

  it('reads each from its environment twin, and a flag that is given wins', () => {
    const env = {
      SHOAL_PORT: '7000',
      SHOAL_DOWN_LIMIT: '1K',
      SHOAL_NO_DHT: '1',
      SHOAL_TRACKER: 'http://a http://b',
    };
    const flags = parse(['--down-limit', '2K'], env);
    expect(flags).toMatchObject({ port: 7000, downLimit: 2048, dht: false });
    expect(flags.tracker).toEqual(['http://a', 'http://b']);
  });

  it('gives every flag a twin', () => {
    const options = addSwarmFlags(new Command('x')).options;
    const off = new Set(['0', 'no', 'off', 'false', '']);
    expect(options.length).toBeGreaterThan(15);
    for (const option of options) expect(option.envVar).toMatch(/^SHOAL_[A-Z_]+$/);
    for (const value of off) {
      expect(parse([], { SHOAL_JSON: value, SHOAL_NO_PEX: value })).toMatchObject({ pex: true });
      expect(parse([]).json).toBeUndefined();
    }
  });

  it.each([
    ['--port', '65536'],
    ['--port', 'http'],
    ['--down-limit', 'fast'],
    ['--seed-ratio', '-1'],
    ['--select', '0'],
    ['--log-level', 'loud'],
    ['--tracker', 'ftp://t.example'],
    ['--tracker', 't.example/announce'],
  ])('refuses %s %s as a bad value', (name, value) => {
    expect(() => parse([`${name}=${value}`])).toThrow(
      expect.objectContaining({ code: 'commander.invalidArgument' }),
    );
  });

  it('refuses a bad value of a twin and names the twin', () => {
    expect(() => parse([], { SHOAL_PORT: 'x' })).toThrow(/SHOAL_PORT/);
  });

  it('parses ports, words and lists', () => {
    expect(parsePort('65535')).toBe(65_535);
    expect(oneOf('a', 'b')('b')).toBe('b');
    expect(repeatable('c', ['a'])).toEqual(['a', 'c']);
    expect(flag('--dry-run', 'x').envVar).toBe('SHOAL_DRY_RUN');
  });
});
